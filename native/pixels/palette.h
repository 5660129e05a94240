// The colours that stand for a picture.
#pragma once

#include <vector>

#include "pixels/pixels.h"

namespace imgpeek {

// At most `colors` (2 to 256) colours, the most frequent first: the very colours where the picture
// has no more than that, else means of groups of like ones. All that is fully transparent is one
// colour, {0, 0, 0, 0}. The same pixels give the same palette. Takes at most some 20 MB beside
// `pixels`, and time for its pixels and for 2^24 comparisons of colours or four to a bin of them.
std::vector<Color> palette(const Pixels& pixels, unsigned colors);

}  // namespace imgpeek
