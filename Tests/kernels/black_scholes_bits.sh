#!/bin/sh
# Zero differing bits: every Black-Scholes kernel of this machine against the portable one, in a build without contraction
# and in one where the compiler may contract everything, over ROWS random and hostile rows (default 10 million).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
for contract in off fast; do
  flags=-ffp-contract=$contract
  # Portable C can only be contracted where the compiler may use fused instructions.
  if [ $contract = fast ] && grep -qw fma /proc/cpuinfo 2>/dev/null; then flags="$flags -mfma"; fi
  # shellcheck disable=SC2086
  "$root/bench/pricing/build.sh" "$root/Tests/kernels/black_scholes_bits.c" "$build/$contract" $flags
  "$build/$contract" "${1:-10000000}" | tee "$build/$contract.txt"
done
cmp "$build/off.txt" "$build/fast.txt" && echo "contraction off and fast: the same bits"
