#!/bin/sh
# clang-format over the addon's sources.
set -eu
cd "$(dirname "$0")/.."

find native \( -name '*.cc' -o -name '*.h' \) -print0 | xargs -0 clang-format --dry-run -Werror
