// Photoshop's image resources in a TIFF's field, which may be long: thumbnails, paths, profiles.
#pragma once

#include "bytes.h"
#include "image/image.h"

namespace imgpeek {

// The first part of a field of resources, that holds what is wanted of most.
Range tiff_resources_head(Range resources);

// Sets blocks.photoshop to the resolution, and blocks.iptc, where it is empty, to the IPTC among
// the resources; steps over the others. Throws Missing; ends where the resources are damaged.
void read_tiff_resources(Bytes& bytes, Range resources, MetadataBlocks& blocks);

}  // namespace imgpeek
