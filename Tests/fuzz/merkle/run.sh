#!/bin/sh
# Fuzzes every parser of Merkle proofs with libFuzzer:  Tests/fuzz/merkle/run.sh [seconds, 60 by default] [memory in MB, 1024]
# ASSAY_FUZZ_TARGET=ics23-iavl (or another name of Fuzz.swift) fuzzes that parser alone.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
build=${ASSAY_FUZZ_BUILD:-$root/.build/fuzz-merkle}
corpus=corpus-${ASSAY_FUZZ_TARGET:-all}
mkdir -p "$build/$corpus"
cd "$build"
clang -O2 -c -I "$root/kernels/operations" "$root/kernels/operations/operations.c" -o operations.o
swift="swiftc -O -swift-version 6 -sanitize=fuzzer -parse-as-library -wmo -package-name assay -I $root/kernels/operations -I ."
$swift -module-name AssayCore -emit-module -emit-module-path AssayCore.swiftmodule -c -o core.o "$root"/Sources/Core/*.swift
# The Merkle half of the module: proofs by pairings have their own arithmetic.
$swift -module-name AssayProofs -emit-module -emit-module-path AssayProofs.swiftmodule -c -o proofs.o \
  "$root"/Sources/Workloads/Proofs/Merkle*.swift \
  "$root"/Sources/Workloads/Proofs/Engine/*.swift "$root"/Sources/Workloads/Proofs/Encoding/*.swift \
  "$root"/Sources/Workloads/Proofs/Formats/*.swift "$root"/Sources/Workloads/Proofs/Trees/*.swift
$swift -module-name Fuzz -c -o fuzz.o "$root/Tests/fuzz/merkle/Fuzz.swift"
swiftc -sanitize=fuzzer -o fuzz operations.o core.o proofs.o fuzz.o
SWIFT_BACKTRACE=enable=no exec ./fuzz -max_total_time="${1:-60}" -rss_limit_mb="${2:-1024}" -max_len=65536 -timeout=10 "$corpus"
