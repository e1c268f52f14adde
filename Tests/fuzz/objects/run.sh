#!/bin/sh
# Fuzzes every decoder of objects with libFuzzer:  Tests/fuzz/objects/run.sh [seconds, 60 by default] [memory in MB, 1024]
# ASSAY_FUZZ_TARGET=eth-transaction (or another name of Fuzz.swift) fuzzes that decoder alone.
target=objects
. "$(dirname "$0")/../modules.sh"
module AssayCore Core
module AssaySignatures Workloads/Signatures
module AssayProofs Workloads/Proofs
module AssayObjects Workloads/Objects
program
fuzz 65536 "${1:-60}" "${2:-1024}"
