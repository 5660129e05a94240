#include "image/metadata_block.h"

#include <algorithm>
#include <string_view>

#include "image/image_resource.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// EXIF 2.32, 4.7.2: what stands before the TIFF structure in a JPEG, and in other containers though
// it should not.
constexpr std::string_view kExifCode = "Exif\0\0"sv;

// TIFF 6.0, section 2: a byte-order mark, 42, the offset of the first directory; a directory is a
// count and entries of 12 bytes.
constexpr std::size_t kTiffHeaderLength = 8;
constexpr std::size_t kFirstDirectory = 4;
constexpr std::size_t kEntryLength = 12;

// Holds the first directory of all writers but the oddest.
constexpr std::uint64_t kExifStart = 1024;

// IPTC-IIM 4.2, 1.6: the tag marker that starts a dataset.
constexpr std::uint8_t kIimMarker = 0x1C;

// True where the first directory's entries lie within `start`.
bool holds_first_directory(ByteSpan start) {
  const bool little = start[0] == 'I';
  const std::size_t offset = little ? le32(start, kFirstDirectory) : be32(start, kFirstDirectory);
  if (offset > start.size() || start.size() - offset < 2) return false;
  const std::size_t entries = little ? le16(start, offset) : be16(start, offset);
  return start.size() - offset - 2 >= entries * kEntryLength;
}

}  // namespace

Range exif_range(const Wanted& wanted, Range block) {
  if (!wanted.exif) block.length = std::min(block.length, kExifStart);
  return block;
}

ByteSpan read_exif_block(Bytes& bytes, const Wanted& wanted, Range block) {
  if (!wants_exif(wanted) || block.length > kMaxMetadataBlock) return {};
  const Range range = exif_range(wanted, block);
  ByteSpan exif = exif_in(bytes.read_up_to(range.offset, range.length));
  if (range.length < block.length && !exif.empty() && !holds_first_directory(exif)) {
    exif = exif_in(bytes.read_up_to(block.offset, block.length));
  }
  return exif;
}

ByteSpan exif_in(ByteSpan data) {
  if (as_text(data).starts_with(kExifCode)) data = data.subspan(kExifCode.size());
  const std::string_view text = as_text(data);
  const bool is_tiff = text.starts_with("II*\0"sv) || text.starts_with("MM\0*"sv);
  return is_tiff && data.size() >= kTiffHeaderLength ? data : ByteSpan();
}

void take_iptc(ByteSpan data, MetadataBlocks& metadata) {
  if (parse_image_resource(data)) {
    if (metadata.photoshop.empty()) metadata.photoshop = data;
  } else if (!data.empty() && data[0] == kIimMarker && metadata.iptc.empty()) {
    metadata.iptc = data;
  }
}

}  // namespace imgpeek
