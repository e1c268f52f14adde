#!/bin/sh
# One run of our Merkle verifier and its peers, one thread:  bench/merkle/run.sh [python with pymerkle]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
swift build -c release --product bench-merkle --scratch-path .build 2>&1 | tail -1
clang -O2 -Wall -Wextra bench/merkle/openssl.c -lcrypto -o .build/bench-merkle-openssl
.build/release/bench-merkle
.build/bench-merkle-openssl
if [ $# -gt 0 ]; then "$1" bench/merkle/pymerkle_bench.py; fi
