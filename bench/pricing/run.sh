#!/bin/sh
# Assay and its pricing peers on this machine, one core, one run: run.sh [PYTHON]
#
# QuantLib and SLEEF are Debian's (libquantlib0-dev, libsleef-dev). PYTHON has numpy, scipy and whichever of numba, jax,
# vollib, polars-vol, fast-vollib are to be measured. LETS_BE_RATIONAL names a folder with Jaeckel's C++ sources
# (LetsBeRational.cpp or lets_be_rational.cpp and their companions), and FASTVOL the folder fastvol/_core/include of fastvol's sources;
# both are fetched beside the project. What is missing is named.
set -eu
export OMP_NUM_THREADS=1
here=$(cd "$(dirname "$0")" && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
"$here/build.sh" "$here/peers/assay.c" "$build/assay" "-I$here/peers"
for march in haswell skylake-avx512; do
  clang -std=gnu17 -O3 -march=$march "$here/peers/sleef.c" -lsleef -lm -o "$build/sleef-$march" || echo "SLEEF: not built"
done
if ! grep -qw avx512f /proc/cpuinfo; then rm -f "$build/sleef-skylake-avx512"; fi
c++ -O2 -march=haswell "$here/peers/quantlib.cpp" -lQuantLib -o "$build/quantlib" || echo "QuantLib: not built"
if [ -n "${LETS_BE_RATIONAL:-}" ]; then
  sources=$(ls "$LETS_BE_RATIONAL"/*ets*e*ational.cpp "$LETS_BE_RATIONAL"/erf_cody.cpp \
    "$LETS_BE_RATIONAL"/normaldistribution.cpp "$LETS_BE_RATIONAL"/rationalcubic.cpp)
  # shellcheck disable=SC2086
  c++ -w -O3 -march=haswell -DNDEBUG "$here/peers/jaeckel.cpp" $sources -o "$build/jaeckel"
else
  echo "LetsBeRational: not measured, LETS_BE_RATIONAL is not set"
fi
if [ -n "${FASTVOL:-}" ]; then
  # With the flags of its own build.
  c++ -std=c++17 -O3 -march=native -ffast-math -ffp-contract=fast -fopenmp "-I$FASTVOL" "$here/peers/fastvol.cpp" \
    -o "$build/fastvol"
else
  echo "fastvol: not measured, FASTVOL is not set"
fi
pin=
if command -v taskset >/dev/null; then pin="taskset -c 1"; fi
grep -m1 'model name' /proc/cpuinfo || true
for program in assay sleef-haswell sleef-skylake-avx512 quantlib jaeckel fastvol; do
  if [ -x "$build/$program" ]; then $pin "$build/$program"; fi
done
$pin "${1:-python3}" "$here/peers/peers.py"
