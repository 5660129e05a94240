#!/bin/sh
# Installs ONNX Runtime, which asks models: for this platform alone, and without its install script,
# which would download libraries of CUDA. Does nothing where it is installed.
set -eu
cd "$(dirname "$0")/onnxruntime"

if [ -e node_modules/.complete ] && [ ! package-lock.json -nt node_modules/.complete ]; then
  exit 0
fi

echo "Installing ONNX Runtime ..."
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || {
  echo "ONNX Runtime could not be installed. Where there is a registry, run: npm run setup:models" >&2
  exit 1
}
binaries=node_modules/onnxruntime-node/bin/napi-v6
keep=$(node -p 'process.platform + "/" + process.arch')
for platform in "$binaries"/*/*; do
  [ "$platform" = "$binaries/$keep" ] || rm -r "$platform"
done
touch node_modules/.complete
