#!/bin/sh
# Fuzzes the core with libFuzzer: probe(), from the corpus' smaller files on, the heads of requests, and
# what is computed from pixels.
# test-fuzz.sh alone takes about a minute and does the same each time: a number of inputs from one seed.
# test-fuzz.sh MINUTES looks further: by chance, from what earlier runs kept in build-fuzz/kept. Needs
# clang with its sanitizers' runtime. What crashes, hangs or leaks is left in build-fuzz/findings.
set -eu
cd "$(dirname "$0")/.."

seconds=$(awk -v minutes="${1:-0}" 'BEGIN { printf "%d", minutes * 60 }')
corpus=../shared/corpus
kept=build-fuzz/kept
seeds=build-fuzz/seeds
findings=build-fuzz/findings

sh tools/setup.sh
rm -rf "$seeds"
mkdir -p "$kept/probe" "$kept/request_head" "$kept/pixels" \
  "$seeds/probe" "$seeds/request_head" "$seeds/pixels" "$findings"
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
# Formats of which the folders have none: MRW with a size, CRW with two heaps, X3F with a directory.
printf 'g\0\0MRM\0\0\0\040\0PRD\0\0\0\03027200001\t\230\f\310\t\220\f\300\f\fY\0\0\0\0\001' >"$seeds/probe/mrw"
printf 'g\0II\032\0\0\0HEAPCCDR\002\0\001\0\0\0\0\0\0\0\0\0' >"$seeds/probe/crw"
{
  printf '\004\0\0\0\003\0\0\0\0\0\200?\132\0\0\0\001\0\020\030\020\0\0\0\0\0\0\0\020\0\0\0'
  printf '\001\0\0120\040\0\0\0\0\0\0\0\040\0\0\0'
} >>"$seeds/probe/crw"
{
  printf 'g\0FOVb\0\0\003\0'
  head -c 20 /dev/zero
  printf '\120\012\0\0\340\006\0\0\132\0\0\0'
  head -c 12 /dev/zero
  printf 'SECi\0\0\002\0\002\0\0\0\022\0\0\0'
  head -c 12 /dev/zero
  printf '\377\330SECd\0\0\002\0\001\0\0\0\064\0\0\0\036\0\0\0IMA2\122\0\0\0'
} >"$seeds/probe/x3f"
printf '\377GET http://host:80/info/_/a HTTP/1.0\r\nHost: a\r\n\r\n' >"$seeds/request_head/absolute"
printf '\377GET /info/_/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na' >"$seeds/request_head/body"
printf '\003\r\nGET / HTTP/1.1\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n' >"$seeds/request_head/empty-lines"
{
  printf '\377GET / HTTP/1.0\r\n'
  seq -f 'X-%g: 1' 100 | sed 's/$/\r/'
  printf '\r\n'
} >"$seeds/request_head/fields"
# 40 by 30 pixels of some text, 16 colours, 4 by 3 components.
printf '(\036\017\003\002The quick brown fox jumps over the lazy dog' >"$seeds/pixels/text"

# run_fuzzer NAME RUNS SECONDS OPTION...: fails on the first finding.
run_fuzzer() {
  name=$1 runs=$2 time=$3
  shift 3
  find "$seeds/$name" -type f | sort | paste -sd, | tr -d '\n' >"$seeds/$name.list"
  if [ "$seconds" -gt 0 ]; then
    echo "Fuzzing $name for $time s ..."
    set -- "$@" -max_total_time="$time" "$kept/$name"
  else
    # Compared values are not learnt from: some are addresses of the heap, of which no two runs are alike.
    echo "Fuzzing $name with $runs inputs ..."
    set -- "$@" -seed=1 -use_cmp=0 -runs="$runs"
  fi
  $fixed_addresses build-fuzz/"${name}_fuzzer" -seed_inputs="@$seeds/$name.list" -timeout=10 \
    -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1 \
    -artifact_prefix="$findings/$name-" "$@" >"build-fuzz/$name.log" 2>&1 || {
    tail -60 "build-fuzz/$name.log" >&2
    exit 1
  }
  grep '^stat::\|cov:' "build-fuzz/$name.log" | tail -7
}

# Code too counts by addresses here and there: they are held fixed where the system lets it.
fixed_addresses=
setarch -R true 2>/dev/null && fixed_addresses='setarch -R'
export ASAN_OPTIONS=allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
run_fuzzer request_head 100000 $((seconds / 10 + 1)) -max_len=8192
run_fuzzer pixels 1000 $((seconds / 10 + 1)) -max_len=4096
run_fuzzer probe 40000 $((seconds - seconds / 5)) -max_len=65536
