// ThumbHash (https://evanw.github.io/thumbhash/).
#pragma once

#include <string>

#include "pixels/pixels.h"

namespace imgpeek {

// The ThumbHash in upper-case hex; empty where there are no pixels. Takes any size, but other
// encoders take 100 pixels a side at the most: shrink before to answer as they do. What is 0 or
// at the middle of two steps, as in flat and symmetric pictures, others round by the noise of their
// arithmetic; here it is 0, and rounded up.
std::string thumb_hash(const Pixels& pixels);

}  // namespace imgpeek
