// Groups of like colours, by a variance cut and k-means.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace imgpeek {

// Colours so near that they are never told apart, and how many pixels have them. `place` is where
// they lie: R, G and B premultiplied, and A, each 0 to 255.
struct ColorPoint {
  std::array<float, 4> place{};
  double weight = 0;
};

// The group of each point, all less than `count`: numbers may be left out. Groups are made by
// cutting the one with the greatest squared error in two until there are `count`, and then moved to
// where the error is less.
std::vector<std::uint8_t> group_colors(const std::vector<ColorPoint>& points, unsigned count);

}  // namespace imgpeek
