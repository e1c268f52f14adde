#!/bin/sh
# The lane kernels: every width of this processor against libsecp256k1, OpenSSL and the portable kernels, byte for byte, with keys
# registered and not; as many rows of each operation as the first argument or ASSAY_LANES_ROWS says (default 600; a long run has a
# million). Fields, the order-199 group, poisoned chunks; the model in plain C also with gcc and with sanitizers, where they are there.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
rows=${1:-${ASSAY_LANES_ROWS:-600}}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cd "$root"
include="-Ikernels -Ikernels/include -Ikernels/operations -Ikernels/library/include -ITests/kernels/lanes"
python3 kernels/lanes/constants.py --check
# The reference kernels once, then every width and the tests by each compiler.
for file in operations/operations library/libsecp256k1 library/openssl library/tables isa/tables isa/portable isa/sha_ni isa/avx2 isa/avx512; do
  # shellcheck disable=SC2086
  clang -std=gnu17 -O2 $include -c "kernels/$file.c" -o "$build/$(echo $file | tr / _).o"
done
ar rcs "$build/reference.a" "$build"/*.o
widths="lane_tables lanes_portable2 lanes_fma4 lanes_fma8 lanes_ifma8"
compile() { # name, compiler, flags...
  name=$1 compiler=$2
  shift 2
  mkdir -p "$build/$name"
  for file in $widths; do
    # shellcheck disable=SC2086
    "$compiler" -std=gnu17 "$@" $include -c "kernels/isa/$file.c" -o "$build/$name/$file.o"
  done
  # shellcheck disable=SC2086
  clang -std=gnu17 -O1 -Wno-deprecated-declarations ${sanitize:-} $include Tests/kernels/lanes/differential.c "$build/$name"/*.o \
    "$build/reference.a" -lsecp256k1 -lcrypto -lm -o "$build/$name/differential"
}
compile clang clang -O2
"$build/clang/differential" "$rows"
if [ "$rows" -gt 600 ]; then
  sanitize="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
  # shellcheck disable=SC2086
  compile sanitized clang -O1 $sanitize
  "$build/sanitized/differential" 300
  sanitize=
fi
# shellcheck disable=SC2086
clang -std=gnu17 -O2 $include Tests/kernels/lanes/field_test.c -o "$build/field" 2>/dev/null && "$build/field" "$rows"
for width in ifma8 fma8 fma4; do
  case $width in
    ifma8) flags="-mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx512ifma -mavx512vbmi2 -mavx2 -mbmi2" need=avx512ifma ;;
    fma8) flags="-mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma -mbmi2" need=avx512dq ;;
    fma4) flags="-mavx2 -mfma -mbmi2" need=avx2 ;;
  esac
  if grep -qw $need /proc/cpuinfo 2>/dev/null; then
    for compiler in clang gcc; do
      command -v $compiler >/dev/null || { echo "skipped  $width with $compiler: it is not installed"; continue; }
      # shellcheck disable=SC2086
      $compiler -std=gnu17 -O2 -w -DLANES_WIDTH="\"lanes/$width.h\"" $flags $include Tests/kernels/lanes/field_test.c -o "$build/field"
      echo "$width, $compiler:"
      "$build/field" "$rows"
    done
  else
    echo "skipped  $width: this processor has no $need"
  fi
done
