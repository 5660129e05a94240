#!/bin/sh
# Starts the server as a newcomer does, asks it for the two samples as it says, and stops it.
set -eu
cd "$(dirname "$0")/.."

out=$(mktemp)
# A group of its own, as npm does not hand signals on.
PORT=0 IMGPROXY_BIND=127.0.0.1:0 setsid npm start >"$out" 2>&1 &
starter=$!
trap 'kill -- "-$starter" 2>/dev/null || true; rm -f "$out"' EXIT

tries=0
until grep -q 'curl .*video' "$out"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$starter" 2>/dev/null; then
    cat "$out" >&2
    exit 1
  fi
  sleep 0.1
done

grep -o 'curl .*' "$out" | while read -r line; do
  echo "$line"
  answer=$(sh -c "$line --silent --show-error --fail")
  echo "$answer" | cut -c 1-200
  case "$answer" in
    '{"format":"jpeg","mime_type":"image/jpeg","width":800,"height":1200,"orientation":6,'*'"Date and Time"'*) ;;
    '{"format":"mov,mp4,m4a,3gp,3g2,mj2","mime_type":"video/mp4","width":640,"height":360,'*'"video_streams":['*) ;;
    *)
      echo "not the answer that the samples have" >&2
      exit 1
      ;;
  esac
done
