#!/bin/sh
# The pairing kernels: constants, every element and point of small fields and groups, public vectors, and random rows against
# independent implementations.
#
#   Tests/kernels/pairings_test.sh [ROWS]
#
# Python packages: PyYAML for c-kzg-4844's suites; py-ecc, ckzg, py-arkworks-bls12381 for the random rows, which are skipped,
# visibly, without them or without the trusted setup. Vectors: ASSAY_VECTORS, default ../shared/vectors.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
vectors=${ASSAY_VECTORS:-$root/../shared/vectors}
python=${PYTHON:-python3}
"$python" "$root/Tests/kernels/pairings/constants_test.py"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# exhaustive NAME FLAG...: the templates as a kernel table compiles them.
exhaustive() {
  name=$1
  shift
  clang -std=c17 -O2 -Wall -Wextra -Werror "$@" -I"$root/kernels" -I"$root/kernels/include" -I"$root/kernels/operations" \
    -I"$root/Tests/kernels/pairings" "$root/Tests/kernels/pairings/exhaustive_test.c" -o "$work/$name"
  echo "$name: $("$work/$name")"
}
exhaustive portable
if grep -qw adx /proc/cpuinfo; then exhaustive avx2 -DDIALECT_AVX2=1 -mavx2 -mfma -mbmi2 -madx; fi
ASSAY_VECTORS=$vectors "$python" "$root/Tests/kernels/pairings/vectors_test.py"
setup=$vectors/zk/c-kzg-4844/trusted_setup.txt
if [ ! -f "$setup" ]; then
  echo "SKIP differential_test: no $setup"
elif ! "$python" -c 'import ckzg, py_ecc, py_arkworks_bls12381' 2>/dev/null; then
  echo "SKIP differential_test: needs the packages py-ecc, ckzg and py-arkworks-bls12381"
else
  "$python" "$root/Tests/kernels/pairings/differential_test.py" "$setup" "${1:-40}"
fi
