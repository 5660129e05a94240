#!/bin/sh
# Runs the tests of the core, and damaged files, with the addon built under AddressSanitizer and
# UndefinedBehaviorSanitizer.
set -eu
cd "$(dirname "$0")/.."

sh tools/setup.sh
mkdir -p build-sanitize
{
  node_modules/.bin/cmake-js configure --out build-sanitize --CDIMGPEEK_SANITIZE=ON &&
    node_modules/.bin/cmake-js build --out build-sanitize --CDIMGPEEK_SANITIZE=ON \
      --parallel "$(nproc)"
} >build-sanitize/setup.log 2>&1 || {
  cat build-sanitize/setup.log >&2
  exit 1
}

# The runtime must be the first library of the process. Leaks are not looked for: Node and GLib free
# little at their end.
LD_PRELOAD="$(c++ -print-file-name=libasan.so) $(c++ -print-file-name=libubsan.so)"
ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:allocator_may_return_null=1
UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
IMGPEEK_ADDON=$(pwd)/build-sanitize/Release/imgpeek.node
export LD_PRELOAD ASAN_OPTIONS UBSAN_OPTIONS IMGPEEK_ADDON

node_modules/.bin/vitest run test/native
node_modules/.bin/vitest run --config vitest.hostile.config.ts
