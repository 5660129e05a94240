// Photoshop image resource blocks (Adobe Photoshop File Formats Specification, "Image Resources").
#pragma once

#include "bytes.h"
#include "value.h"

namespace imgpeek {

struct PhotoshopResources {
  Object resolution;  // of resource 0x03ED; empty if there is none
  ByteSpan iptc;      // resource 0x0404
  ByteSpan exif;      // resource 0x0422
  ByteSpan xmp;       // resource 0x0424
};

// Walks the resource blocks up to the end or the first damaged one. The first of a kind counts. The
// spans live as long as `blocks`' memory.
PhotoshopResources read_photoshop(ByteSpan blocks);

}  // namespace imgpeek
