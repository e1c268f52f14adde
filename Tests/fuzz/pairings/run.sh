#!/bin/sh
# Fuzzes the decoders of the pairing operations:  Tests/fuzz/pairings/run.sh [seconds, 60] [memory in MB, 1024]
# ASSAY_FUZZ_SANITIZE adds sanitizers (address,undefined): the build then takes minutes.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
build=${ASSAY_FUZZ_BUILD:-$root/.build/fuzz-pairings}
mkdir -p "$build/corpus"
cd "$build"
clang -std=c17 -O1 -fsanitize="fuzzer${ASSAY_FUZZ_SANITIZE:+,$ASSAY_FUZZ_SANITIZE}" -I"$root/kernels" -I"$root/kernels/include" \
  -I"$root/kernels/operations" "$root"/kernels/isa/*.c "$root"/kernels/operations/*.c \
  "$root/Tests/fuzz/pairings/pairings_fuzz.c" -o fuzz -lm
exec ./fuzz -max_total_time="${1:-60}" -rss_limit_mb="${2:-1024}" -max_len=4096 -timeout=60 corpus
