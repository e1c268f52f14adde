# What fuzz programs over AssayIO are built from; read in by a target's run.sh, which has set `target`. Leaves the shell in the build folder.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
build=${ASSAY_FUZZ_BUILD:-$root/.build/fuzz-$target}
mkdir -p "$build/corpus"
cd "$build"
text=$root/Sources/Formats/Text/C
clang -O2 -c -I "$root/kernels/operations" "$root/kernels/operations/operations.c" -o operations.o
for file in "$text"/*.c; do
  clang -O2 -c -I "$text/include" "$file" -o "$(basename "$file" .c).o"
done
for file in "$text"/*.cpp; do
  clang++ -std=c++17 -O2 -fsanitize=fuzzer-no-link -c -I "$text/include" "$file" -o "$(basename "$file" .cpp).o"
done
# AssayIO's C++ half has no module map of its own: SwiftPM makes one, and so does this script.
printf 'module CAssayText { header "%s/include/CAssayText.h" export * }\n' "$text" >module.modulemap

# compile FLAG...: with instrumentation for libFuzzer.
compile() {
  swiftc -O -swift-version 6 -sanitize=fuzzer -enable-testing -parse-as-library -wmo -package-name assay -I . \
    -I "$root/kernels/operations" -I "$text/include" -I "$root/Sources/SystemLibraries/COpenSSL" \
    -I "$root/Sources/SystemLibraries/CLZ4" -I "$root/Sources/SystemLibraries/CZstd" "$@"
}

# module NAME FOLDER|FILE...: compiles a folder of Sources, or the files given, as a module of that name.
module() {
  name=$1
  shift
  # No name of ours holds a space.
  if [ -d "$root/Sources/$1" ]; then set -- $(find "$root/Sources/$1" -name '*.swift'); fi
  compile -module-name "$name" -emit-module -emit-module-path "$name.swiftmodule" -c -o "$name.o" "$@"
}

# program [FILE...]: links the target's Fuzz.swift, the files given and all modules into ./fuzz.
program() {
  compile -module-name Fuzz -c -o fuzz.o "$root/Tests/fuzz/$target/Fuzz.swift" "$@"
  swiftc -sanitize=fuzzer -o fuzz ./*.o -lsimdjson -lcrypto -llz4 -lzstd -lstdc++
}

# fuzz LONGEST SECONDS MEGABYTES [CORPUS...]
fuzz() {
  longest=$1 seconds=$2 memory=$3
  shift 3
  SWIFT_BACKTRACE=enable=no exec ./fuzz -max_total_time="$seconds" -rss_limit_mb="$memory" -max_len="$longest" -timeout=10 corpus "$@"
}
