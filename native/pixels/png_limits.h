// What a PNG may hold beside its pixels to be decoded.
#pragma once

#include "bytes.h"

namespace imgpeek {

// Throws Undecodable where a chunk, or the number of texts, is beyond what libspng takes by itself:
// a libvips that was built with libpng would let them pass.
void check_png_chunks(ByteSpan file);

}  // namespace imgpeek
