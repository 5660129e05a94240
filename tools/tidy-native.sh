#!/bin/sh
# clang-tidy over the addon's sources, some ten minutes on two cores; needs a built tree for its
# compile commands.
set -eu
cd "$(dirname "$0")/.."

find native -name '*.cc' -print0 | xargs -0 -n 2 -P "$(nproc)" clang-tidy -p build --quiet 2>/dev/null
