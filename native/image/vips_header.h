// libvips' own reading of a header, over the bytes held.
#pragma once

#include "bytes.h"
#include "image/image.h"

namespace imgpeek {

// Sets image.colorspace, bands and sample_format as libvips' loader gives them. For the formats
// whose loader reads headers only (JPEG, PNG, TIFF, HEIF, AVIF). Throws Missing; where libvips
// refuses the file the fields are left as they are.
void read_pixel_format(Bytes& bytes, Image& image);

// Starts libvips once for the process: no operation cache, no untrusted loaders, no log to stderr.
void start_vips();

}  // namespace imgpeek
