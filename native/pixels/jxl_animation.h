// Animations in JPEG XL, of which libvips 8.14 knows no frame but the last.
#pragma once

#include <vips/vips.h>

#include "bytes.h"
#include "pixels/loaders.h"
#include "pixels/vips_pixels.h"

namespace imgpeek {

// The frames of an animation, kMaxPages at the most, without decoding one; 1 for a still picture.
int count_jxl_frames(ByteSpan file);

// Decodes `loading.frames` frames from `loading.page` on, one below the other, to pixels of the
// form that the loader's `header` has. Throws Undecodable where there are not so many, and
// std::bad_alloc.
VipsPtr decode_jxl_frames(ByteSpan file, const Loading& loading, const VipsPtr& header);

// Has libjxl keep what it thinks of damaged files to itself: some builds, Debian's among them,
// write it to the standard error.
void quieten_jxl();

}  // namespace imgpeek
