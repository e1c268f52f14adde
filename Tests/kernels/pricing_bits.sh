#!/bin/sh
# Zero differing bits: every pricing kernel of this machine against the portable one, in a build without contraction and in
# one where the compiler may contract everything, over random and hostile rows, as many an operation as the first argument or
# ASSAY_BITS_ROWS says (default 300,000; the figure of docs/accuracy.md is with 10 million).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
for contract in off fast; do
  flags=-ffp-contract=$contract
  # Portable C can only be contracted where the compiler may use fused instructions.
  if [ $contract = fast ] && grep -qw fma /proc/cpuinfo 2>/dev/null; then flags="$flags -mfma"; fi
  # shellcheck disable=SC2086
  "$root/bench/pricing/build.sh" "$root/Tests/kernels/pricing_bits.c" "$build/$contract" $flags
  for operation in ${2:-black_scholes black_76 inverse black_scholes_grid bachelier \
    black_scholes_implied_volatility black_76_implied_volatility bachelier_implied_volatility}; do
    "$build/$contract" "$operation" "${1:-${ASSAY_BITS_ROWS:-300000}}"
  done >"$build/$contract.txt" || { cat "$build/$contract.txt"; exit 1; }
  cat "$build/$contract.txt"
done
cmp "$build/off.txt" "$build/fast.txt"
echo "contraction off and fast: the same bits"
