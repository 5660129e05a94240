// The pages of a TIFF.
#pragma once

#include <cstdint>

#include "image/tiff/tiff_directory.h"

namespace imgpeek {

// The directories of the chain that begins with `ifd0`, without reduced images (pyramids,
// thumbnails) and transparency masks; at least 1. Throws Missing, about once for every few pages:
// where a directory is, only the one before it says. A chain that is damaged or runs in a circle
// ends there.
std::uint64_t count_tiff_pages(Tiff& tiff, const TiffDirectory& ifd0);

}  // namespace imgpeek
