#!/bin/sh
# Microseconds a row of every width of the lane kernels and of the reference kernel, valid rows, keys unknown and registered, in turns, the best
# of several rounds, in time that the thread computed (others may run beside it).
#
#   lanes.sh [--secp256k1 DIR] [ROWS [OPERATION]]     DIR: a source tree of libsecp256k1 to be the peer instead of the installed one
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
peer="-lsecp256k1" headers=
if [ "${1:-}" = --secp256k1 ]; then
  headers="-I$2/include"
  for file in secp256k1 precomputed_ecmult precomputed_ecmult_gen; do
    cc -O3 -fomit-frame-pointer "-I$2" "-I$2/src" "-I$2/include" -DECMULT_WINDOW_SIZE=15 -DCOMB_BLOCKS=43 -DCOMB_TEETH=6 -DUSE_ASM_X86_64=1 \
      -DENABLE_MODULE_RECOVERY=1 -DENABLE_MODULE_SCHNORRSIG=1 -DENABLE_MODULE_EXTRAKEYS=1 -c "$2/src/$file.c" -o "$build/peer_$file.o"
  done
  peer="$build/peer_secp256k1.o $build/peer_precomputed_ecmult.o $build/peer_precomputed_ecmult_gen.o"
  shift 2
fi
cd "$root"
include="$headers -Ikernels -Ikernels/include -Ikernels/operations -Ikernels/library/include -ITests/kernels/lanes"
for file in operations/operations library/libsecp256k1 library/openssl library/tables isa/tables isa/portable isa/sha_ni isa/avx2 isa/avx512 \
  isa/lane_tables isa/lanes_portable2 isa/lanes_fma4 isa/lanes_fma8 isa/lanes_ifma8; do
  # shellcheck disable=SC2086
  clang -std=gnu17 -O2 -w $include -c "kernels/$file.c" -o "$build/$(echo $file | tr / _).o"
done
# shellcheck disable=SC2086
clang -std=gnu17 -O2 -w $include Tests/kernels/lanes/differential.c "$build"/operations_*.o "$build"/library_*.o "$build"/isa_*.o $peer \
  -lcrypto -lm -o "$build/measure"
"$build/measure" time "${1:-2048}" ${2:+"$2"}
