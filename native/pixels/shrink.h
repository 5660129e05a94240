// Pixels made smaller, and turned.
#pragma once

#include "pixels/pixels.h"

namespace imgpeek {

// The pixels with a longest side of `side` at most. Throws Undecodable.
Pixels shrink(const Pixels& pixels, unsigned side);

// The same, turned as EXIF's orientation says.
Pixels upright(const Pixels& pixels, unsigned side, int orientation);

}  // namespace imgpeek
