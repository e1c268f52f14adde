#!/bin/sh
# Compiles the pricing kernels as SwiftPM does (-O2), and a driver of this folder with them:
#   build.sh DRIVER.c OUTPUT [FLAG...]
# operations.def is cut down to its pricing paragraphs, so that no library of the other operations is needed.
set -eu
driver=$1 output=$2
shift 2
root=$(cd "$(dirname "$0")/../.." && pwd)
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
mkdir "$objects/operations"
cp "$root"/kernels/operations/*.[ch] "$root"/kernels/operations/reasons.def "$objects/operations"
awk 'BEGIN { RS = ""; ORS = "\n\n" } /^#ifndef OPERATION|pricing\/|^#undef OPERATION/' \
  "$root/kernels/operations/operations.def" >"$objects/operations/operations.def"
include="-I$objects/operations -I$root/kernels -I$root/kernels/operations -I$root/kernels/include"
for name in portable sha_ni avx2 avx512 neon sha2_arm tables; do
  # shellcheck disable=SC2086
  ${CC:-clang} -std=c17 -O2 -Wall -Wextra $include "$@" -c "$root/kernels/isa/$name.c" -o "$objects/$name.o"
done
# The driver itself is never contracted: its inputs are the same in every build.
# shellcheck disable=SC2086
${CC:-clang} -std=gnu17 -O2 -Wall -Wextra $include "$@" -ffp-contract=off -c "$driver" -o "$objects/driver.o"
# shellcheck disable=SC2086
${CC:-clang} $include "$@" "$objects/operations/operations.c" "$objects"/*.o -lm -o "$output"
