#include "pixels/transparency.h"

#include <cstddef>

namespace imgpeek {

bool has_transparency(const Pixels& pixels) {
  for (std::size_t at = 3; at < pixels.rgba.size(); at += 4) {
    if (pixels.rgba[at] != 255) return true;
  }
  return false;
}

}  // namespace imgpeek
