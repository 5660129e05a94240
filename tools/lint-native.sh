#!/bin/sh
# clang-format over the addon's sources and its fuzzers.
set -eu
cd "$(dirname "$0")/.."

find native test/fuzz \( -name '*.cc' -o -name '*.h' \) -print0 | xargs -0 clang-format --dry-run -Werror
