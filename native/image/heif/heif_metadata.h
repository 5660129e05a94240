// The metadata items of a HEIF file (ISO/IEC 23008-12, annex A).
#pragma once

#include "bytes.h"
#include "image/heif/heif_items.h"
#include "image/image.h"
#include "info.h"

namespace imgpeek {

// Sets image.metadata from the items that describe `primary`, as far as `wanted` asks for them, all
// fetched at once. Throws Missing, never Malformed.
void read_heif_metadata(Bytes& bytes, const HeifItems& items, ItemId primary, const Wanted& wanted,
                        Image& image);

}  // namespace imgpeek
