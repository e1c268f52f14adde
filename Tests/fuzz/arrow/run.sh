#!/bin/sh
# Fuzzes the reader and writer of Arrow files and streams:  Tests/fuzz/arrow/run.sh [seconds, 60] [memory in MB, 1024]
target=arrow
. "$(dirname "$0")/../modules.sh"
module AssayCore Core
module AssayIO Formats/Text/Swift
program
fuzz 65536 "${1:-60}" "${2:-1024}" "$root/Tests/Vectors/arrow"
