#!/bin/sh
# Fuzzes the reading of snarkjs' three documents, starting at the example's:  Tests/fuzz/snarkjs/run.sh [seconds, 60] [memory in MB, 1024]
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
build=${ASSAY_FUZZ_BUILD:-$root/.build/fuzz-snarkjs}
mkdir -p "$build/corpus"
cd "$build"
clang -O2 -c -I "$root/kernels/operations" "$root/kernels/operations/operations.c" -o operations.o
clang -O2 -c -I "$root/Sources/CAssayText/include" "$root/Sources/CAssayText/write_f64.c" -o write_f64.o
for file in count json read_f64; do
  clang++ -std=c++17 -O2 -fsanitize=fuzzer-no-link -c -I "$root/Sources/CAssayText/include" \
    "$root/Sources/CAssayText/$file.cpp" -o "$file.o"
done
swift="swiftc -O -swift-version 6 -sanitize=fuzzer -parse-as-library -wmo -package-name assay -I . \
  -I $root/kernels/operations -I $root/Sources/CAssayText/include -I $root/Sources/COpenSSL"
printf 'module CAssayText { header "%s/Sources/CAssayText/include/CAssayText.h" export * }\n' "$root" >module.modulemap
# The umbrella of this program: the vocabulary and the proofs.
printf '@_exported public import AssayCore\n@_exported public import AssayProofs\n' >umbrella.swift
$swift -module-name AssayCore -emit-module -emit-module-path AssayCore.swiftmodule -c -o AssayCore.o \
  "$root"/Sources/AssayCore/*.swift
for module in AssayIO AssayProofs; do
  $swift -module-name $module -emit-module -emit-module-path $module.swiftmodule -c -o $module.o \
    $(find "$root/Sources/$module" -name '*.swift')
done
$swift -module-name Assay -emit-module -emit-module-path Assay.swiftmodule -c -o Assay.o umbrella.swift
$swift -module-name Fuzz -c -o fuzz.o "$root/Tests/fuzz/snarkjs/Fuzz.swift" "$root/Sources/AssayCommand/Verify/Snarkjs.swift" \
  "$root/Sources/AssayCommand/Verify/Row.swift" "$root/Sources/AssayCommand/Job/Tally.swift"
swiftc -sanitize=fuzzer -o fuzz ./*.o -lsimdjson -lcrypto -lstdc++
# One line a document.
for file in verification_key proof public; do tr -d ' \n' <"$root/examples/margin-proof/$file.json"; echo; done >corpus/example
SWIFT_BACKTRACE=enable=no exec ./fuzz -max_total_time="${1:-60}" -rss_limit_mb="${2:-1024}" -max_len=16384 -timeout=10 corpus
