#!/bin/sh
# Makes the checkout ready to run: system packages, npm packages, the addon, the TypeScript, and ONNX
# Runtime where the environment names a model. Does only what is missing or out of date, so that a second run costs milliseconds.
set -eu
cd "$(dirname "$0")/.."

LIBRARIES="vips libexif libavformat libavcodec libavutil libjxl pugixml libbrotlidec zlib libraw_r"
PACKAGES="curl build-essential cmake pkg-config libvips-dev libjxl-dev libexif-dev libavformat-dev libavcodec-dev libavutil-dev libpugixml-dev libbrotli-dev zlib1g-dev libraw-dev"

have_tools() {
  for tool in c++ make cmake pkg-config curl; do
    command -v "$tool" >/dev/null 2>&1 || return 1
  done
  # shellcheck disable=SC2086 # a list of words
  pkg-config --exists $LIBRARIES
}

install_packages() {
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "imgpeek needs a C++20 compiler, make, cmake, pkg-config and the development files of: $LIBRARIES" >&2
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "System packages are missing. Install them with:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $PACKAGES" >&2
    exit 1
  fi
  echo "Installing system packages ..."
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null
}

# True where FILE... holds something newer than STAMP, or STAMP does not exist.
newer_than() {
  stamp=$1
  shift
  [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" -print -quit)" ]
}

# Runs COMMAND..., and puts STAMP where it succeeds. The stamp is as old as the command's beginning,
# so that what is edited meanwhile counts as newer; a command that is killed leaves none.
stamped() {
  stamp=$1
  shift
  rm -f "$stamp"
  mkdir -p "$(dirname "$stamp")"
  touch "$stamp.begun"
  "$@"
  mv "$stamp.begun" "$stamp"
}

# Configures each time: CMake's cache keeps what package.json and CMakeLists.txt said before.
build_addon() {
  {
    node_modules/.bin/cmake-js configure --out build &&
      node_modules/.bin/cmake-js build --out build --parallel "$(nproc)"
  } >build/setup.log 2>&1 || {
    cat build/setup.log >&2
    exit 1
  }
}

have_tools || install_packages

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Installing npm packages ..."
  npm ci --include=dev --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi

# A package has no tests.
programs=
[ ! -d test/programs ] || programs=test/programs
# shellcheck disable=SC2086 # a path or none
if [ ! -e build/Release/imgpeek.node ] ||
  newer_than build/.complete native $programs CMakeLists.txt package.json package-lock.json; then
  echo "Building the addon ..."
  stamped build/.complete build_addon
fi

if [ ! -e dist/main.js ] || newer_than dist/.complete src tsconfig.json package-lock.json; then
  echo "Building the TypeScript ..."
  stamped dist/.complete node_modules/.bin/tsc
fi

if [ -n "${IMGPROXY_OBJECT_DETECTION_NET:-}${IMGPROXY_CLASSIFICATION_NET:-}" ]; then
  sh tools/setup-models.sh
fi
