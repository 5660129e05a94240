// Pixels as a net takes them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "pixels/pixels.h"

namespace imgpeek {

// The longest side of a net's square, in pixels.
inline constexpr unsigned kMaxNetSide = 4096;

// How a picture is to be scaled for a net.
struct NetInput {
  unsigned side = 1;         // of the net's square, 1 to kMaxNetSide
  bool keeps_shape = false;  // the longest side becomes `side`, else both do

  // The longest side of a copy that has enough pixels for it, whatever the shape within 2:1.
  unsigned copy_side() const;
};

// A picture scaled for a net, larger than it was where need be, with transparent parts over white.
struct NetPixels {
  unsigned width = 0;
  unsigned height = 0;
  std::shared_ptr<std::vector<std::uint8_t>> rgb;  // width * height * 3, row by row
};

// Throws Undecodable.
NetPixels scale_for_net(const Pixels& pixels, const NetInput& input);

}  // namespace imgpeek
