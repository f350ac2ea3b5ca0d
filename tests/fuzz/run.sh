#!/bin/bash
# Fuzzes the parser of .params files, of symbol files, of record files or of plain requests:
#
#   tests/fuzz/run.sh params|symbol|records|plain [SECONDS]
#
# Builds the target and the few sources that it needs with clang, apart from the main build, runs it
# for that long (600) from the kept corpus, and says how often it ran. New inputs go to
# build/fuzz/<target>/found; `tests/fuzz/run.sh <target> merge` puts the smallest set that reaches
# everything into tests/fuzz/corpus/<target>. Finds are left as build/fuzz/<target>/crash-*.
set -euo pipefail
shopt -s globstar
cd "$(dirname "$0")/../.."

target=$1
seconds=${2:-600}
folder=build/fuzz/$target
corpus=tests/fuzz/corpus/$target
case $target in
  # Without src/device/cpu_library.cc, which would bring all kernels.
  params) sources=(src/{base,profile}/*.cc src/device/{device,plugin}.cc src/engine/*.cc src/memory/*.cc
                   src/ndarray/*.cc src/io/formats/*.cc) ;;
  symbol) sources=(src/{base,profile}/*.cc src/ir/*.cc src/ops/**/*.cc) ;;
  records) sources=(src/base/*.cc src/engine/waiting.cc
                    src/io/records/{local_file,read_ahead,record_files,record_reader,request}.cc
                    src/io/records/{record_source,record_index,image_record,draws}.cc) ;;
  plain) sources=(src/serve/{job_queue,plain_request,request_head}.cc) ;;
  *) echo "unknown target $target; expected params, symbol, records or plain" >&2; exit 2 ;;
esac

command -v clang++ >/dev/null || { echo "clang++ is missing; expected clang with libFuzzer" >&2; exit 2; }
mkdir -p "$folder/found" "$corpus"
compiler=(clang++ -std=c++20 -g -O1 -fsanitize=fuzzer-no-link,address,undefined
          -fno-sanitize=vptr,function -Isrc -Itests/fuzz ${MX_FUZZ_CXXFLAGS:-})
objects=() stale=()
for source in "${sources[@]}" "tests/fuzz/fuzz_$target.cc"; do
  object=$folder/${source//\//_}.o
  objects+=("$object")
  # Headers change seldom here; remove build/fuzz to build all anew.
  if [[ ! -e $object || $source -nt $object ]]; then
    stale+=("$object" "$source")
  fi
done
launcher=$(command -v ccache || true)
[[ ${#stale[@]} -eq 0 ]] || printf '%s\n' "${stale[@]}" |
  xargs -P "$(nproc)" -n 2 $launcher "${compiler[@]}" -c -o
clang++ -fsanitize=fuzzer,address,undefined "${objects[@]}" -ldl -lpthread -lgomp -o "$folder/fuzz_$target"

dictionary=()
[[ -e tests/fuzz/$target.dict ]] && dictionary=("-dict=tests/fuzz/$target.dict")
if [[ $seconds == merge ]]; then
  rm -rf "$folder/merged" && mkdir "$folder/merged"
  "$folder/fuzz_$target" -merge=1 -max_len=2000 "$folder/merged" "$corpus" "$folder/found"
  rm -rf "$corpus" && mkdir "$corpus"
  for input in "$folder/merged"/*; do
    cp "$input" "$corpus/$(sha1sum < "$input" | cut -c1-12).bin"
  done
else
  "$folder/fuzz_$target" -max_total_time="$seconds" -max_len=4000 -timeout=10 -rss_limit_mb=1500 \
    -malloc_limit_mb=256 -print_final_stats=1 -artifact_prefix="$folder/" "${dictionary[@]}" \
    "$folder/found" "$corpus"
fi
