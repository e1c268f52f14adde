#!/bin/sh
# Fuzzes the reading of snarkjs' three documents, starting at the example's:  Tests/fuzz/snarkjs/run.sh [seconds, 60] [memory in MB, 1024]
target=snarkjs
. "$(dirname "$0")/../modules.sh"
module AssayCore Core
module AssayIO Formats/Text/Swift
module AssayProofs Workloads/Proofs
# The umbrella of this program: the vocabulary and the proofs.
printf '@_exported public import AssayCore\n@_exported public import AssayProofs\n' >umbrella.swift
module Assay umbrella.swift
program "$root/Sources/Formats/Rows/Snarkjs.swift" "$root/Sources/Formats/Rows/RowOutcome.swift"
# One line a document.
for file in verification_key proof public; do tr -d ' \n' <"$root/examples/margin-proof/$file.json"; echo; done >corpus/example
fuzz 16384 "${1:-60}" "${2:-1024}"
