#!/bin/sh
# clang-format and clang-tidy over the addon's sources; needs a built tree for its compile commands.
set -eu
cd "$(dirname "$0")/.."

find native \( -name '*.cc' -o -name '*.h' \) -print0 | xargs -0 clang-format --dry-run -Werror
find native -name '*.cc' -print0 | xargs -0 -n 4 -P "$(nproc)" clang-tidy -p build --quiet 2>/dev/null
