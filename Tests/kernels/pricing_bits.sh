#!/bin/sh
# Zero differing bits: every pricing kernel of this machine against the portable one, in a build without contraction and in
# one where the compiler may contract everything, over random and hostile rows: as many for each operation as the first argument or
# ASSAY_BITS_ROWS says (default 300,000; the figure of docs/accuracy.md is with 10 million), and the American ones, which cost
# hundreds to ten thousands of times as much per row, a part of it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
operations="black_scholes black_76 inverse linear linear_inverse black_scholes_grid bachelier black_scholes_implied_volatility black_76_implied_volatility inverse_implied_volatility
  bachelier_implied_volatility american_fast american american_high american_fast_implied_volatility american_implied_volatility
  american_high_implied_volatility"
# rows OPERATION ROWS: the rows that an operation gets where black_scholes gets ROWS.
rows() {
  case $1 in
    american_fast) echo $((1 + $2 / 100)) ;;
    american) echo $((1 + $2 / 300)) ;;
    american_fast_implied_volatility) echo $((1 + $2 / 600)) ;;
    american_implied_volatility | american_high) echo $((1 + $2 / 3000)) ;;
    american_high_implied_volatility) echo $((1 + $2 / 12000)) ;;
    *) echo "$2" ;;
  esac
}
for contract in off fast; do
  flags=-ffp-contract=$contract
  # Portable C can only be contracted where the compiler may use fused instructions.
  if [ $contract = fast ] && grep -qw fma /proc/cpuinfo 2>/dev/null; then flags="$flags -mfma"; fi
  # shellcheck disable=SC2086
  "$root/bench/pricing/build.sh" "$root/Tests/kernels/pricing_bits.c" "$build/$contract" $flags
  failed=0
  for operation in ${2:-$operations}; do
    "$build/$contract" "$operation" "$(rows "$operation" "${1:-${ASSAY_BITS_ROWS:-300000}}")" || failed=1
  done >"$build/$contract.txt"
  cat "$build/$contract.txt"
  if [ $failed = 1 ]; then exit 1; fi
done
cmp "$build/off.txt" "$build/fast.txt"
echo "contraction off and fast: the same bits"
# A 64-bit Arm, where it can be emulated: the NEON kernels, and the same results as here.
qemu=$(command -v qemu-aarch64 || command -v qemu-aarch64-static || true)
if [ -n "$qemu" ] && [ -d /usr/aarch64-linux-gnu/lib ]; then
  "$root/bench/pricing/build.sh" "$root/Tests/kernels/pricing_bits.c" "$build/arm" --target=aarch64-linux-gnu -static
  for operation in ${2:-$operations}; do
    few=$(rows "$operation" 4099)
    "$build/off" "$operation" "$few" >"$build/here.txt"
    "$qemu" -cpu max "$build/arm" "$operation" "$few" >"$build/there.txt" || { cat "$build/there.txt"; exit 1; }
    cmp "$build/here.txt" "$build/there.txt"
  done
  echo "64-bit Arm in $qemu, 4,099 rows of each, fewer of the American ones: the same bits"
else
  echo "skipped  64-bit Arm: needs qemu-user-static, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross"
fi
