// A hash that stays near where a picture is scaled, compressed or slightly changed.
#pragma once

#include <string>

#include "pixels/pixels.h"

namespace imgpeek {

// 64 bits as 16 lower-case hex digits; of two hashes, the bits that differ say how far pictures are
// apart. The picture, transparent parts over white, is shrunk (or stretched) to 32 by 32 grey
// values, each the mean of the area that it covers, and of their DCT-II the 8 by 8 lowest
// frequencies are taken. A bit says that one is above the median of the 64. The first bit, which is
// the highest, is the constant part's; horizontal frequencies rise first, then vertical ones. Empty
// where there are no pixels.
std::string perceptual_hash(const Pixels& pixels);

}  // namespace imgpeek
