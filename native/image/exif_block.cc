#include "image/exif_block.h"

#include <array>
#include <string_view>

namespace imgpeek {
namespace {

constexpr std::string_view kLittleEndianTiff{"II*\0", 4};
constexpr std::string_view kBigEndianTiff{"MM\0*", 4};
constexpr std::size_t kOffsetLength = 4;
constexpr std::size_t kExifMarkerLength = 6;  // "Exif\0\0"

// TIFF 6.0, section 2: the header holds the offset of IFD 0 at 4; a directory is a 16-bit count of
// entries and 12 bytes an entry.
constexpr std::size_t kFirstDirectoryOffset = 4;
constexpr std::size_t kCountLength = 2;
constexpr std::size_t kEntryLength = 12;

bool is_tiff_header(ByteSpan contents, std::uint64_t offset) {
  if (offset > contents.size()) return false;
  const std::string_view rest = as_text(contents.subspan(static_cast<std::size_t>(offset)));
  return rest.starts_with(kLittleEndianTiff) || rest.starts_with(kBigEndianTiff);
}

}  // namespace

ByteSpan find_tiff_header(ByteSpan contents) {
  if (contents.size() < kOffsetLength) return {};
  const std::array<std::uint64_t, 5> candidates = {
      std::uint64_t{be32(contents, 0)} + kOffsetLength,
      kOffsetLength,
      kOffsetLength + kExifMarkerLength,
      0,
      kExifMarkerLength,
  };
  for (const std::uint64_t offset : candidates) {
    if (is_tiff_header(contents, offset)) return contents.subspan(static_cast<std::size_t>(offset));
  }
  return {};
}

bool holds_first_directory(ByteSpan tiff) {
  try {
    const bool little_endian = as_text(tiff).starts_with(kLittleEndianTiff);
    const std::size_t offset =
        little_endian ? le32(tiff, kFirstDirectoryOffset) : be32(tiff, kFirstDirectoryOffset);
    const std::size_t count = little_endian ? le16(tiff, offset) : be16(tiff, offset);
    slice(tiff, offset, kCountLength + count * kEntryLength);
    return true;
  } catch (const Malformed&) {
    return false;
  }
}

}  // namespace imgpeek
