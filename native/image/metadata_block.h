// The blocks of metadata that the containers share, and how much of them is fetched.
#pragma once

#include <cstdint>

#include "bytes.h"
#include "image/image.h"
#include "info.h"

namespace imgpeek {

// A block that claims more is left out: no metadata comes near it but pictures inside of metadata.
inline constexpr std::uint64_t kMaxMetadataBlock = std::uint64_t{16} * 1024 * 1024;

// EXIF is looked for where it is asked for, and for the orientation.
inline bool wants_exif(const Wanted& wanted) { return wanted.exif || wanted.dimensions; }

// What to fetch of an EXIF block that lies in `block` (of the file): all of it, or where only the
// orientation is wanted its start, where the first directory is as a rule.
Range exif_range(const Wanted& wanted, Range block);

// The EXIF in `block` from its byte-order mark on, as far as `wanted` needs it. Empty where it is
// no EXIF. Throws Missing.
ByteSpan read_exif_block(Bytes& bytes, const Wanted& wanted, Range block);

// `data` from its byte-order mark on, past the "Exif\0\0" that writers put before it. Empty where
// it is no EXIF.
ByteSpan exif_in(ByteSpan data);

// Takes a block that may be either Photoshop's image resources or a bare IPTC stream. The first of
// a kind counts.
void take_iptc(ByteSpan data, MetadataBlocks& metadata);

}  // namespace imgpeek
