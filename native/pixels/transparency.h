// Whether a picture can be seen through somewhere.
#pragma once

#include "pixels/pixels.h"

namespace imgpeek {

// True where a pixel's alpha is less than full.
bool has_transparency(const Pixels& pixels);

}  // namespace imgpeek
