#!/bin/sh
# Builds and runs the hash kernels' test: plainly, then with AddressSanitizer and UndefinedBehaviorSanitizer.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for flags in "-O2" "-O1 -fsanitize=address,undefined -fno-sanitize-recover=all"; do
  echo "hash_test: clang $flags"
  # shellcheck disable=SC2086
  clang -std=c17 $flags -Wall -Wextra -Werror -fuse-ld=lld -I"$root/kernels" -I"$root/kernels/include" -I"$root/kernels/operations" \
    "$root"/kernels/isa/*.c "$root"/kernels/operations/*.c "$root/Tests/kernels/hash_test.c" -lcrypto -lm -o "$work/hash_test"
  "$work/hash_test"
done
