// The pixel format of a TIFF, as libvips sees it.
#pragma once

#include "image/image.h"
#include "image/tiff/tiff_directory.h"

namespace imgpeek {

// Announces what read_tiff_pixel_format() is going to read.
void want_tiff_pixel_format(Tiff& tiff, const TiffDirectory& ifd0);

// Sets image.colorspace, bands and sample_format by what IFD 0 says; left as they are where libvips
// does not read such a TIFF. Throws Missing.
void read_tiff_pixel_format(Tiff& tiff, const TiffDirectory& ifd0, Image& image);

}  // namespace imgpeek
