// The metadata that hangs on IFD 0 of files of TIFF's shape.
#pragma once

#include "image/image.h"
#include "image/tiff/tiff_directory.h"
#include "info.h"

namespace imgpeek {

// Announces what read_tiff_metadata() is going to read first.
void want_tiff_metadata(Tiff& tiff, const TiffDirectory& ifd0, const Wanted& wanted);

// The blocks that are wanted. Throws Missing; what is damaged is left out. What is made lives as
// long as the Bytes of `tiff`.
MetadataBlocks read_tiff_metadata(Tiff& tiff, const TiffDirectory& ifd0, const Wanted& wanted);

}  // namespace imgpeek
