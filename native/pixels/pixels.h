// Decoded pixels, as what is computed from them takes them.
#pragma once

#include <cstdint>
#include <vector>

namespace imgpeek {

// A picture upright, in sRGB, 8 bits a channel, RGBA not premultiplied, row by row with no padding.
struct Pixels {
  unsigned width = 0;
  unsigned height = 0;
  bool has_alpha = false;          // the source had an alpha channel; A is 255 throughout where not
  std::vector<std::uint8_t> rgba;  // width * height * 4
};

struct Color {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  std::uint8_t a = 0;
};

}  // namespace imgpeek
