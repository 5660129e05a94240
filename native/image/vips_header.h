// libvips' own reading of a header, over the bytes held.
#pragma once

#include "bytes.h"
#include "image/image.h"

namespace imgpeek {

// Sets image.colorspace, bands and sample_format as libvips' loader gives them. For JPEG, PNG and
// TIFF, known by their first bytes. Throws Missing; where libvips refuses the file the fields are
// left as they are, as they are for any other format.
//
// libvips reads metadata on its way, every page of a TIFF, and in small steps, each of which may
// cost a round. A reader that already knows what decides hands in a stand-in: a small file of its
// own making with the same frame (SOF, IHDR, IFD) and nothing else, in a Bytes of its own.
//
// HEIF and AVIF are not read by libvips here: libheif aborts the process (an assertion) where the
// bytes of an item are not there, and allocates what an item claims. Its loader's rule is short:
// 3 bands, 4 with an alpha auxiliary image; "srgb" and "uchar", or "rgb16" and "ushort" where the
// luma has more than 8 bits.
void read_pixel_format(Bytes& bytes, Image& image);

// Starts libvips once for the process: no operation cache, no untrusted loaders, no log to stderr.
// May be called from any thread, any number of times.
void start_vips();

}  // namespace imgpeek
