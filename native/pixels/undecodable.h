// Why a picture has no pixels.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace imgpeek {

// Thrown where a picture cannot be decoded, or may not be.
class Undecodable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws where there are more pixels to decode than are allowed.
inline void check_pixels(std::uint64_t pixels, std::uint64_t limit) {
  if (pixels > limit) {
    throw Undecodable("it has " + std::to_string(pixels) + " pixels to decode, over " +
                      std::to_string(limit));
  }
}

}  // namespace imgpeek
