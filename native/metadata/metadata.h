// From metadata blocks to what the answer holds of them.
#pragma once

#include "bytes.h"
#include "info.h"
#include "metadata/blocks.h"

namespace imgpeek {

// Fills info.exif, iptc, photoshop and xmp as far as `wanted` asks for them. A damaged block is
// read as far as it goes, or left out; it never fails the answer. Throws TooLong where `effort` is
// brief and they are long.
void read_metadata(const MetadataBlocks& blocks, const Wanted& wanted, Info& info, Effort effort);

// The orientation tag (0x0112) of IFD 0, or 1 where there is none. Reads nothing else.
int exif_orientation(ByteSpan exif);

}  // namespace imgpeek
