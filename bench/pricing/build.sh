#!/bin/sh
# Compiles the kernels as SwiftPM does (-O2), and a driver of this folder with them: build.sh DRIVER.c OUTPUT [FLAG...]
set -eu
driver=$1 output=$2
shift 2
root=$(cd "$(dirname "$0")/../.." && pwd)
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
include="-I$root/kernels -I$root/kernels/include -I$root/kernels/operations"
for name in portable sha_ni avx2 avx512 neon sha2_arm tables; do
  # shellcheck disable=SC2086
  ${CC:-clang} -std=c17 -O2 $include "$@" -c "$root/kernels/isa/$name.c" -o "$objects/$name.o"
done
# shellcheck disable=SC2086
# The driver itself is never contracted: its inputs are the same in every build.
${CC:-clang} -std=gnu17 -O2 -Wall -Wextra $include "$@" -ffp-contract=off -c "$driver" -o "$objects/driver.o"
${CC:-clang} $include "$@" "$root/kernels/operations/operations.c" "$objects"/*.o -lm -o "$output"
