#include "metadata/metadata.h"
#include "metadata/tiff_block.h"

namespace imgpeek {

int exif_orientation(ByteSpan exif) {
  constexpr std::uint16_t kOrientation = 0x0112;
  constexpr std::uint16_t kShort = 3;
  constexpr std::uint16_t kLong = 4;
  const auto tiff = TiffBlock::find(exif);
  if (!tiff) return 1;
  for (const TiffField& field : tiff->directory(tiff->first_directory())) {
    if (field.tag != kOrientation || field.data.empty()) continue;
    std::uint32_t value = 0;
    if (field.type == kShort) value = tiff->u16(field.data, 0);
    if (field.type == kLong) value = tiff->u32(field.data, 0);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace imgpeek
