#!/usr/bin/env bash
# Builds everything with the CUDA plug-in and tests it, on a machine with a GPU and nvcc:
#   tools/gpu_check.sh [pytest arguments]
# 1. tests/python/test_gpu.py: copies, memory, errors, training and prediction on the GPU;
# 2. the tables of tests/ops on the GPU (operators without a kernel there are listed as skipped).
# With PYTHON set, uses that interpreter, which must have what requirements-dev.txt lists; else .venv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -z "${PYTHON:-}" ]; then
  make --no-print-directory build PRESET=cuda
  PYTHON=$PWD/.venv/bin/python
else
  prefix=$("$PYTHON" -c 'import sys; print(sys.prefix)')
  CMAKE_PREFIX_PATH=$prefix cmake --preset cuda -DPython_EXECUTABLE="$(command -v "$PYTHON")"
  cmake --build build/cuda -j "$(nproc)"
fi
export PYTHONPATH=$PWD/build/cuda/python
# cuBLAS and cuDNN of this environment's packages.
export REMX_NVIDIA_PATH=${REMX_NVIDIA_PATH:-$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')}

gpus=$("$PYTHON" -c 'import mxnet as mx; print(mx.context.num_gpus())')
if [ "$gpus" -eq 0 ]; then
  "$PYTHON" -c 'import mxnet as mx; mx.nd.zeros((1,), ctx=mx.gpu())' || true
  echo "gpu_check: no GPU can be used" >&2
  exit 1
fi
status=0
"$PYTHON" -m pytest -rs tests/python/test_gpu.py "$@" || status=1
REMX_TEST_DEVICE=gpu "$PYTHON" -m pytest -q -rs tests/ops "$@" || status=1
exit "$status"
