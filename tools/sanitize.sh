#!/usr/bin/env bash
# Runs tests under sanitizers, in build folders of their own that hold only what is needed:
#
#   tools/sanitize.sh address [PYTEST ARGUMENT...]   C++ tests and operator tables under
#                                                    AddressSanitizer and UndefinedBehaviorSanitizer
#   tools/sanitize.sh thread                         C++ tests under ThreadSanitizer
#
# A find ends the test that made it, with the sanitizer's report.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly PYTHON=$PWD/.venv/bin/python
# As the Makefile has them.
export PATH=$PWD/.venv/bin:$PATH CMAKE_PREFIX_PATH=$PWD/.venv
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD} CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime
jobs=${JOBS:-$(nproc)}

# The level of instruction sets whose kernels are used here: others would be compiled in vain.
cpu_level() {
  if grep -qw avx512bw /proc/cpuinfo; then
    echo x86-64-v4
  elif grep -qw avx2 /proc/cpuinfo; then
    echo x86-64-v3
  else
    echo x86-64-v2
  fi
}

# build PRESET TARGET...
build() {
  local preset=$1 cxx
  shift
  cxx=$(tools/setup.sh --print-cxx)
  cmake --preset "$preset" -DPython_EXECUTABLE="$PYTHON" -DCMAKE_CXX_COMPILER="$cxx" \
    -DMX_CPU_LEVELS="$(cpu_level)" >/dev/null
  cmake --build "build/$preset" -j "$jobs" --target "$@"
}

address() {
  build asan python_package cpp_tests
  # The interpreter and the registries keep memory until the end, so that leaks say nothing; tests
  # ask for more memory than there is.
  export ASAN_OPTIONS=detect_leaks=0:strict_string_checks=1:allocator_may_return_null=1
  export UBSAN_OPTIONS=print_stacktrace=1
  # Blocks that are kept for reuse would hide reads of freed ones.
  export REMX_CPU_MEM_POOL_LIMIT_MB=0
  ctest --test-dir build/asan --output-on-failure --timeout 300 -j "$jobs"
  # Reports go to the terminal, as pytest would keep them to itself when the process ends.
  # The interpreter is no sanitized program: the library comes first. With a C++ library before it,
  # exceptions are seen too.
  local runtime
  runtime="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libstdc++.so)"
  LD_PRELOAD=$runtime PYTHONPATH=$PWD/build/asan/python "$PYTHON" -m pytest -q -p no:cacheprovider --capture=sys \
    "${@:-tests/ops}"
}

thread() {
  build tsan mxnet_tests mxnet_records_tests
  # OpenMP's library is not built for ThreadSanitizer, which then misses its barriers: one thread in
  # parallel loops; the threads of the engine and of the tests are what is looked at.
  export OMP_NUM_THREADS=1
  export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:allocator_may_return_null=1
  build/tsan/tests/cpp/mxnet_tests --gtest_brief=1
  build/tsan/tests/cpp/io/records/mxnet_records_tests --gtest_brief=1
}

case ${1:-} in
  address) shift; address "$@" ;;
  thread) thread ;;
  *) sed -n '2,9p' "$0" >&2; exit 2 ;;
esac
