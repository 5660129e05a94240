#!/bin/sh
# clang-format over the addon's sources, its fuzzers and the tests' programs.
set -eu
cd "$(dirname "$0")/.."

find native test/fuzz test/programs \( -name '*.cc' -o -name '*.h' \) -print0 | xargs -0 clang-format --dry-run -Werror
