// BlurHash (https://github.com/woltapp/blurhash, Algorithm.md).
#pragma once

#include <string>

#include "pixels/pixels.h"

namespace imgpeek {

// The BlurHash with `x` times `y` components, 1 to 9 each. It knows no alpha: what is transparent
// lies over white. Empty where there are no pixels. The largest component counts by its magnitude,
// as in the C and Swift encoders; the TypeScript one takes the largest that is positive.
std::string blurhash(const Pixels& pixels, unsigned x, unsigned y);

}  // namespace imgpeek
