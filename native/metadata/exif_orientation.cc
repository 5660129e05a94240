#include "metadata/metadata.h"
#include "metadata/tiff_block.h"

namespace imgpeek {
namespace {

// TIFF 6.0, section 2: the types of integers.
constexpr std::uint16_t kByte = 1;
constexpr std::uint16_t kShort = 3;
constexpr std::uint16_t kLong = 4;
constexpr std::uint16_t kSignedByte = 6;
constexpr std::uint16_t kSignedShort = 8;
constexpr std::uint16_t kSignedLong = 9;

// The first value of a field of integers; 0 for other types. SHORT is prescribed, but writers take
// others, and viewers turn such pictures all the same.
std::uint32_t first_integer(const TiffBlock& tiff, const TiffField& field) {
  switch (field.type) {
    case kByte:
    case kSignedByte:
      return field.data[0];
    case kShort:
    case kSignedShort:
      return tiff.u16(field.data, 0);
    case kLong:
    case kSignedLong:
      return tiff.u32(field.data, 0);
    default:
      return 0;
  }
}

}  // namespace

int exif_orientation(ByteSpan exif) {
  constexpr std::uint16_t kOrientation = 0x0112;
  const auto tiff = TiffBlock::find(exif);
  if (!tiff) return 1;
  for (const TiffField& field : tiff->directory(tiff->first_directory())) {
    if (field.tag != kOrientation || field.data.empty()) continue;
    const std::uint32_t value = first_integer(*tiff, field);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace imgpeek
