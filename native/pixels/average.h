// The average colour of a picture.
#pragma once

#include "pixels/pixels.h"

namespace imgpeek {

// R, G and B are weighted by alpha, so that a colour counts as far as it is seen; A is the mean of
// all pixels' alpha, or of those that are not fully transparent. Rounded. All 0 where no pixel
// counts. `pixels` of any size.
Color average(const Pixels& pixels, bool ignore_transparent);

}  // namespace imgpeek
