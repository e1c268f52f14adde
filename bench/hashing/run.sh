#!/bin/sh
# Builds the peers that can be built here (outside the project, in $ASSAY_PEERS) and runs the comparison on core 1.
# Needs git, make, gcc, clang, libssl-dev; nasm for isa-l_crypto. What is missing is left out of the table.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
peers=${ASSAY_PEERS:-/tmp/assay-peers}
mkdir -p "$peers"

get() { [ -d "$peers/$2" ] || git clone -q --depth 1 "https://github.com/$1" "$peers/$2"; }
flags=""
libraries=""

if get OffchainLabs/hashtree hashtree &&
  make -s -C "$peers/hashtree/src" all OUT_DIR="$peers/hashtree-build" >/dev/null; then
  flags="$flags -DHAVE_HASHTREE=1 -I$peers/hashtree/src"
  libraries="$libraries $peers/hashtree-build/lib/libhashtree.a"
fi
if get intel/isa-l_crypto isal && make -s -C "$peers/isal" -f Makefile.unx lib units=sha256_mb >/dev/null; then
  mkdir -p "$peers/isal-include"
  printf '#include <isa-l_crypto/%s.h>\n' sha256_mb isal_crypto_api >"$peers/isal-include/isa-l_crypto.h"
  flags="$flags -DHAVE_ISAL=1 -I$peers/isal-include -I$peers/isal/include"
  libraries="$libraries $peers/isal/bin/isa-l_crypto.a"
fi
if get XKCP/XKCP XKCP; then
  low=$peers/XKCP/lib/low
  common="-w -O3 -I$peers/XKCP/lib/common -I$low/common -I$low/KeccakP-1600/common"
  four=$low/KeccakP-1600-times4/AVX2
  eight=$low/KeccakP-1600-times8/AVX512
  # shellcheck disable=SC2086
  if gcc $common -mavx2 -I"$four" -I"$four/u6" -c "$four/KeccakP-1600-times4-SIMD256.c" -o "$peers/times4.o"; then
    flags="$flags -DHAVE_XKCP=1 -I$peers/XKCP/lib/common -I$four -I$four/u6"
    libraries="$libraries $peers/times4.o"
    if gcc $common -march=skylake-avx512 -I"$eight" -I"$eight/u12" -c "$eight/KeccakP-1600-times8-SIMD512.c" \
      -o "$peers/times8.o"; then
      flags="$flags -DHAVE_XKCP8=1"
      libraries="$libraries $peers/times8.o"
    fi
  fi
fi

include="-I$root/kernels -I$root/kernels/include -I$root/kernels/operations"
# shellcheck disable=SC2086
clang -std=gnu17 -O2 -mavx2 -Wno-deprecated-declarations $flags -c "$here/peers.c" -o "$peers/peers.o"
# shellcheck disable=SC2086
clang -std=c17 -O2 -Wall -Wextra $include "$root"/kernels/isa/*.c "$root"/kernels/operations/*.c "$here/bench.c" \
  "$peers/peers.o" $libraries -lcrypto -lm -o "$peers/hash-bench"
exec taskset -c "${ASSAY_CORE:-1}" "$peers/hash-bench"
