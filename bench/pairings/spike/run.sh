#!/bin/sh
# Generic Swift against the project's C on an Fp12 multiplication and a Miller loop:  taskset -c 1 bench/pairings/spike/run.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
build=${ASSAY_SPIKE_BUILD:-$root/.build/spike}
mkdir -p "$build"
c="clang -std=c17 -O2 -Wall -Wextra -I$root/kernels -I$root/kernels/include -I$root/kernels/operations -c $here/c_side.c"
$c '-DSPIKE_NAME(x)=c##x' -o "$build/portable.o"
$c '-DSPIKE_NAME(x)=adx##x' -DSPIKE_ADX -o "$build/adx.o"
cd "$build"
swiftc -O -wmo -swift-version 5 -import-objc-header "$here/c_side.h" "$here/Spike.swift" "$here/main.swift" portable.o adx.o -lm -o spike
exec ./spike
