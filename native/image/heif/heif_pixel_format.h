// The pixel format that libvips' HEIF loader gives, from the properties of the items.
#pragma once

#include "bytes.h"
#include "image/heif/heif_items.h"
#include "image/heif/heif_properties.h"
#include "image/image.h"

namespace imgpeek {

// The coded item that `id` is, or is first derived from; `id` itself where it is derived from none.
ItemId find_coded_item(const HeifItems& items, ItemId id);

// Sets image.colorspace, bands and sample_format; leaves them where the properties do not tell the
// depth. Throws Missing.
void read_heif_pixel_format(const HeifItems& items, const HeifProperties& properties,
                            ItemId primary, Image& image);

}  // namespace imgpeek
