#!/bin/sh
# Fuzzes probe() with libFuzzer, from the corpus' smaller files on: test-fuzz.sh [SECONDS], 30 if
# left out. Needs clang with its sanitizer runtime. What crashes is left in build-fuzz/findings.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-30}
corpus=../shared/corpus
workers=$(nproc)

sh tools/setup.sh
mkdir -p build-fuzz/corpus build-fuzz/seeds build-fuzz/findings
{
  CXX=clang++ node_modules/.bin/cmake-js configure --out build-fuzz --CDIMGPEEK_FUZZ=ON &&
    cmake --build build-fuzz --parallel "$workers"
} >build-fuzz/setup.log 2>&1 || {
  cat build-fuzz/setup.log >&2
  exit 1
}

# The first byte steers: everything wanted, a first range of 1 KiB.
if [ -d "$corpus" ]; then
  find "$corpus" -path "$corpus/reference" -prune -o -type f -size -48k -print | while read -r file; do
    { printf 'g' && cat "$file"; } >"build-fuzz/seeds/$(echo "${file#"$corpus"/}" | tr / _)"
  done
fi

# libFuzzer's own bound on memory counts all that a C library maps, too.
ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 exec build-fuzz/probe_fuzzer \
  -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=256 -max_len=65536 \
  -print_final_stats=1 -artifact_prefix=build-fuzz/findings/ build-fuzz/corpus build-fuzz/seeds
