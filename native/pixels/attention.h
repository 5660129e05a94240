// Where of a picture the most is to be seen (libvips' attention).
#pragma once

#include "pixels/pixels.h"

namespace imgpeek {

// The upper left corner of a part, in pixels.
struct Place {
  unsigned left = 0;
  unsigned top = 0;
};

// The place of the part of `width` by `height` that stands out. Throws Undecodable.
Place find_attention(const Pixels& pixels, unsigned width, unsigned height);

}  // namespace imgpeek
