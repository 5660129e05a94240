// How large an SVG image is.
#pragma once

#include <cstdint>

#include "image/svg/svg_root.h"

namespace imgpeek {

struct SvgSize {
  std::uint64_t width = 0;  // CSS pixels, 96 to the inch
  std::uint64_t height = 0;
};

// The size by width, height and viewBox, as a browser shows the image on its own. Malformed where
// nothing says how large it is and there is nothing in it.
SvgSize size_of(const SvgRoot& root);

}  // namespace imgpeek
