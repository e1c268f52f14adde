#!/bin/sh
# Fuzzes the parsers of CSV, JSON Lines, hexadecimal, DER and packed rows:  Tests/fuzz/text/run.sh [seconds, 60] [memory in MB, 1024]
target=text
. "$(dirname "$0")/../modules.sh"
module AssayCore Core
module AssaySignatures Workloads/Signatures
module AssayIO Formats/Text/Swift
program
fuzz 65536 "${1:-60}" "${2:-1024}"
