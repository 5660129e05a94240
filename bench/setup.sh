#!/bin/sh
# Makes the benchmark ready to run: nginx and wrk from the system, the rivals' npm packages. Rivals
# of other languages are built when a run wants them.
set -eu
cd "$(dirname "$0")/.."

missing=""
for tool in nginx wrk; do
  command -v "$tool" >/dev/null 2>&1 || [ -x "/usr/sbin/$tool" ] || missing="$missing $tool"
done
if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
    echo "The benchmark needs$missing. On Debian: sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
  fi
  echo "Installing$missing ..."
  apt-get update -qq
  # The package would start nginx as a service, which nobody asked for.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if [ ! -e bench/node_modules/.package-lock.json ] ||
  [ bench/package-lock.json -nt bench/node_modules/.package-lock.json ]; then
  echo "Installing the rivals' npm packages ..."
  npm ci --prefix bench --no-audit --no-fund --loglevel=error
  touch bench/node_modules/.package-lock.json
fi
