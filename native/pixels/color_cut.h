// The quantizer of Android's Palette: colours that differ, where palette.h has those that stand for
// the most pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "pixels/hsl.h"
#include "pixels/pixels.h"

namespace imgpeek {

// The mean of some like colours, and how often they are seen: the sum of their pixels' alpha.
struct Swatch {
  Rgb rgb;
  Hsl hsl;
  std::uint64_t population = 0;
};

// At most `count` swatches. Colours near black, white and the red side of the I line (skin) are
// left out, as what is fully transparent is. The rest is taken together where the upper five bits
// of each channel are the same; then the box of colours with the greatest volume is cut at the
// median of its longest side, until there are enough.
std::vector<Swatch> cut_colors(const Pixels& pixels, unsigned count);

}  // namespace imgpeek
