#!/bin/sh
# Fuzzes the reader and writer of Arrow files and streams:  Tests/fuzz/arrow/run.sh [seconds, 60] [memory in MB, 1024]
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
build=${ASSAY_FUZZ_BUILD:-$root/.build/fuzz-arrow}
mkdir -p "$build/corpus"
cd "$build"
clang -O2 -c -I "$root/kernels/operations" "$root/kernels/operations/operations.c" -o operations.o
clang -O2 -c -I "$root/Sources/CAssayText/include" "$root/Sources/CAssayText/write_f64.c" -o write_f64.o
for file in count json read_f64; do
  clang++ -std=c++17 -O2 -c -I "$root/Sources/CAssayText/include" "$root/Sources/CAssayText/$file.cpp" -o "$file.o"
done
swift="swiftc -O -swift-version 6 -sanitize=fuzzer -enable-testing -parse-as-library -wmo -package-name assay -I . \
  -I $root/kernels/operations -I $root/Sources/CAssayText/include -I $root/Sources/COpenSSL"
# AssayIO's C++ half has no module map of its own: SwiftPM makes one, and so does this script.
printf 'module CAssayText { header "%s/Sources/CAssayText/include/CAssayText.h" export * }\n' "$root" >module.modulemap
$swift -module-name AssayCore -emit-module -emit-module-path AssayCore.swiftmodule -c -o AssayCore.o "$root"/Sources/AssayCore/*.swift
$swift -module-name AssayIO -emit-module -emit-module-path AssayIO.swiftmodule -c -o AssayIO.o \
  $(find "$root/Sources/AssayIO" -name '*.swift')
$swift -module-name Fuzz -c -o fuzz.o "$root/Tests/fuzz/arrow/Fuzz.swift"
swiftc -sanitize=fuzzer -o fuzz ./*.o -lsimdjson -lcrypto -lstdc++
SWIFT_BACKTRACE=enable=no exec ./fuzz -max_total_time="${1:-60}" -rss_limit_mb="${2:-1024}" -max_len=65536 -timeout=10 corpus \
  "$root/Tests/Vectors/arrow"
