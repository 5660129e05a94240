// The JPEG that a camera put into its RAW, with the picture's metadata in it.
#pragma once

#include "bytes.h"
#include "image/image.h"
#include "info.h"

namespace imgpeek {

// The bytes of the JPEG at `jpeg` that are worth fetching before it is read: most files' EXIF ends
// there.
Range embedded_jpeg_head(Range jpeg);

// Reads the JPEG at `jpeg` of the file as if it were a file of its own, but for its pixel format,
// which is not that of the RAW. Throws Missing; an empty Image where it is none. The metadata lives
// as long as `bytes`.
Image read_embedded_jpeg(Bytes& bytes, Range jpeg, const Wanted& wanted);

}  // namespace imgpeek
