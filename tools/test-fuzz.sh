#!/bin/sh
# Fuzzes the core with libFuzzer: test-fuzz.sh [MINUTES], 1 if left out. Most of the time goes to
# probe(), from the corpus' smaller files on, and a tenth to the heads of requests. Needs clang with its
# sanitizers' runtime. What was found interesting is kept in build-fuzz/kept and begun from the next
# time; what crashes, hangs or leaks is left in build-fuzz/findings.
set -eu
cd "$(dirname "$0")/.."

minutes=${1:-1}
seconds=$(awk -v minutes="$minutes" 'BEGIN { printf "%d", minutes * 60 }')
corpus=../shared/corpus
kept=build-fuzz/kept
seeds=build-fuzz/seeds
findings=build-fuzz/findings

sh tools/setup.sh
rm -rf "$seeds"
mkdir -p "$kept/probe" "$kept/request_head" "$seeds/probe" "$seeds/request_head" "$findings"
{
  cmake -S . -B build-fuzz -DCMAKE_CXX_COMPILER=clang++ -DIMGPEEK_FUZZ=ON &&
    cmake --build build-fuzz --parallel "$(nproc)" --target fuzzers
} >build-fuzz/setup.log 2>&1 || {
  cat build-fuzz/setup.log >&2
  exit 1
}

# The first two bytes steer: everything wanted, a first range of 1 KiB, the size known.
for folder in docs/samples "$corpus"; do
  [ -d "$folder" ] || continue
  find "$folder/" -path '*/reference' -prune -o -type f -size -48k -print | while read -r file; do
    { printf 'g\0' && cat "$file"; } >"$seeds/probe/$(echo "$file" | tr ./ __)"
  done
done
printf '\377GET http://host:80/info/_/a HTTP/1.0\r\nHost: a\r\n\r\n' >"$seeds/request_head/absolute"
printf '\377GET /info/_/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na' >"$seeds/request_head/body"
{
  printf '\377GET / HTTP/1.0\r\n'
  seq -f 'X-%g: 1' 100 | sed 's/$/\r/'
  printf '\r\n'
} >"$seeds/request_head/fields"

# run_fuzzer NAME SECONDS OPTION...: fails on the first finding.
run_fuzzer() {
  name=$1
  shift
  time=$1
  shift
  echo "Fuzzing $name for $time s from $(find "$seeds/$name" "$kept/$name" -type f | wc -l) files ..."
  build-fuzz/"${name}_fuzzer" -max_total_time="$time" -timeout=10 -rss_limit_mb=1024 \
    -malloc_limit_mb=256 -print_final_stats=1 -artifact_prefix="$findings/$name-" "$@" \
    "$kept/$name" "$seeds/$name" >"build-fuzz/$name.log" 2>&1 || {
    tail -60 "build-fuzz/$name.log" >&2
    exit 1
  }
  grep '^stat::\|cov:' "build-fuzz/$name.log" | tail -7
}

export ASAN_OPTIONS=allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
run_fuzzer request_head $((seconds / 10 + 1)) -max_len=8192
run_fuzzer probe $((seconds - seconds / 10)) -max_len=65536
