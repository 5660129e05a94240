// What a transparent pixel looks like where an answer knows no alpha.
#pragma once

#include <cstdint>

namespace imgpeek {

// `channel` with this alpha over a white ground, as imgproxy flattens pictures where it is told no
// background.
inline std::uint8_t over_white(std::uint8_t channel, std::uint8_t alpha) {
  return static_cast<std::uint8_t>((channel * alpha + 255 * (255 - alpha) + 127) / 255);
}

}  // namespace imgpeek
