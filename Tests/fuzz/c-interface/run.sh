#!/bin/sh
# Fuzzes every function of the C library under AddressSanitizer:  Tests/fuzz/c-interface/run.sh [seconds, 60] [memory in MB, 2048]
# The library is that of .build/library, which is built where it is missing.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
library=${ASSAY_LIBRARY:-$root/.build/library}
[ -e "$library/libassay.so.1" ] || "$root/scripts/library" >&2
build=${ASSAY_FUZZ_BUILD:-$root/.build/fuzz-c-interface}
mkdir -p "$build/corpus"
cd "$build"
clang -std=c17 -O1 -g -fsanitize=fuzzer,address -I"$library" -I"$root/Sources/Library/C/include" \
  "$root/Tests/fuzz/c-interface/interface_fuzz.c" -o fuzz -L"$library" -lassay
# Engines and texts live as long as the process; leaks are what `bindings/run-tests` looks for.
ASAN_OPTIONS=detect_leaks=0 LD_LIBRARY_PATH="$library" exec ./fuzz -max_total_time="${1:-60}" -rss_limit_mb="${2:-2048}" \
  -max_len=2048 -timeout=60 corpus
