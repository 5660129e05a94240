// Camera RAW, developed with LibRaw.
#pragma once

#include "pixels/decode.h"
#include "pixels/vips_pixels.h"

namespace imgpeek {

// A RAW as its camera's white balance has it, in sRGB of 8 bits, brightened and not turned: what
// LibRaw gives by itself. Where its longest side is twice `side` or more it has half the sensor's
// rows and columns, a pixel for each square of its filters, for which nothing need be made up.
// Throws Undecodable where it has more pixels than limits.max_resolution, its margins included, and
// at the deadline. Of a file that breaks off, what can be unpacked is developed.
VipsPtr develop(ByteSpan file, const DecodeLimits& limits, unsigned side);

}  // namespace imgpeek
