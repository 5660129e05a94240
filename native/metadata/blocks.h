// Where the metadata of a file lies, before it is read.
#pragma once

#include <vector>

#include "bytes.h"

namespace imgpeek {

// The metadata blocks of a file, as they lie in it. Spans live as long as the Bytes they came from;
// empty means that there is none. Where a container holds several of a kind the first counts.
struct MetadataBlocks {
  ByteSpan exif;       // a TIFF structure, from its byte-order mark on ("II*\0" or "MM\0*")
  ByteSpan iptc;       // an IIM dataset stream, from its first 0x1C on
  ByteSpan photoshop;  // image resource blocks, from the first "8BIM" on
  // XMP packets, the main one first; further ones (JPEG's extended XMP) are merged into it.
  std::vector<ByteSpan> xmp;
};

}  // namespace imgpeek
