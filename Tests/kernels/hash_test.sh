#!/bin/sh
# Builds and runs the hash kernels' test: plainly; with AddressSanitizer and UndefinedBehaviorSanitizer; with the SHA-NI
# instructions emulated in C; and, where an emulator of the whole processor is installed, for x86-64 with SHA-NI (QEMU
# 8.2 or later, qemu-x86_64) and for 64-bit Arm (qemu-aarch64 and libc6-dev-arm64-cross, gcc-aarch64-linux-gnu).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# operations.def is cut down to its paragraph of hashes: sanitized builds of the other kernels take minutes.
mkdir "$work/operations"
cp "$root"/kernels/operations/*.[ch] "$root/kernels/operations/reasons.def" "$work/operations"
awk 'BEGIN { RS = ""; ORS = "\n\n" } /^#ifndef OPERATION|hash\/sha256|^#undef OPERATION/' \
  "$root/kernels/operations/operations.def" >"$work/operations/operations.def"
# The tables of lanes hold signatures alone.
kernels="$(ls "$root"/kernels/isa/*.c | grep -v /lane | tr '\n' ' ') $work/operations/operations.c $root/Tests/kernels/hash_test.c"

# build NAME FLAGS FILES...
# shellcheck disable=SC2086
build() {
  name=$1 flags=$2
  shift 2
  clang -std=c17 $flags -Wall -Wextra -Wno-unused-function -Werror -fuse-ld=lld -I"$work/operations" -I"$root/kernels" \
    -I"$root/kernels/include" "$@" -lm -o "$work/$name"
}
first() { for c in "$@"; do command -v "$c" && return; done; return 1; }

# shellcheck disable=SC2086
{
  echo "hash_test: -O2"
  build plain "-O2" $kernels -lcrypto
  "$work/plain"

  echo "hash_test: sanitizers"
  build sanitized "-O1 -fsanitize=address,undefined -fno-sanitize-recover=all" $kernels -lcrypto
  "$work/sanitized"

  if [ "$(uname -m)" = x86_64 ]; then
    echo "hash_test: SHA-NI instructions emulated"
    others=$(echo $kernels | tr ' ' '\n' | grep -v sha_ni)
    build emulated "-O2" $others "$root/Tests/kernels/sha_ni_emulated.c" -lcrypto
    "$work/emulated"
    qemu=$(first qemu-x86_64 qemu-x86_64-static || true)
    if [ -n "$qemu" ] && "$qemu" --version | grep -q -E 'version (8\.[2-9]|9|[1-9][0-9])'; then
      echo "hash_test: $qemu -cpu max"
      "$qemu" -cpu max "$work/plain"
    else
      echo "skipped  hash_test in qemu-x86_64 with SHA-NI: no QEMU from 8.2 on"
    fi
  fi

  qemu=$(first qemu-aarch64 qemu-aarch64-static || true)
  if [ -n "$qemu" ] && [ -d /usr/aarch64-linux-gnu/lib ]; then
    echo "hash_test: 64-bit Arm in $qemu"
    build arm "--target=aarch64-linux-gnu -O2 -static -DWITHOUT_OPENSSL" $kernels
    "$qemu" -cpu max "$work/arm"
  else
    echo "skipped  hash_test for 64-bit Arm: needs qemu-user-static, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross"
  fi
}
