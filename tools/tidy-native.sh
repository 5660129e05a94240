#!/bin/sh
# clang-tidy over the addon's sources, or one of them; some six minutes of CPU for all. Fails on any
# finding.
set -eu
cd "$(dirname "$0")/.."

# What clang-tidy says on standard error is a count of what it suppressed in system headers, unless
# it fails: then all of it is shown.
tidy_one() {
  errors=$(mktemp)
  status=0
  clang-tidy -p build --quiet "$1" 2>"$errors" || status=$?
  [ "$status" -eq 0 ] || cat "$errors" >&2
  rm -f "$errors"
  return "$status"
}

if [ $# -eq 1 ]; then
  tidy_one "$1"
else
  # For the compile commands, and the headers that they name.
  sh tools/setup.sh
  find native -name '*.cc' -print0 | xargs -0 -n 1 -P "$(nproc)" sh tools/tidy-native.sh
fi
