#include "metadata/tiff_block.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace imgpeek {
namespace {

// Not even the private tags of all makers together are as many.
constexpr std::size_t kMaxFields = 1000;
constexpr std::size_t kFieldSize = 12;
constexpr std::size_t kHeaderSize = 8;
// How far behind stray bytes the byte-order mark is looked for.
constexpr std::size_t kMaxPrefix = 64;

// Bytes of one value, by type: BYTE, ASCII, SHORT, LONG, RATIONAL, then the signed ones, UNDEFINED
// among them, FLOAT, DOUBLE and IFD.
constexpr std::array<std::uint8_t, 14> kTypeSizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

}  // namespace

std::optional<TiffBlock> TiffBlock::find(ByteSpan exif) {
  for (std::size_t at = 0; at <= kMaxPrefix && at + kHeaderSize <= exif.size(); ++at) {
    const std::string_view mark = as_text(exif.subspan(at, 4));
    if (mark == std::string_view("II*\0", 4)) return TiffBlock(exif.subspan(at), false);
    if (mark == std::string_view("MM\0*", 4)) return TiffBlock(exif.subspan(at), true);
  }
  return std::nullopt;
}

std::uint16_t TiffBlock::u16(ByteSpan data, std::size_t offset) const {
  return big_endian_ ? be16(data, offset) : le16(data, offset);
}

std::uint32_t TiffBlock::u32(ByteSpan data, std::size_t offset) const {
  return big_endian_ ? be32(data, offset) : le32(data, offset);
}

std::vector<TiffField> TiffBlock::directory(std::uint32_t offset) const {
  if (bytes_.size() < 2 || offset > bytes_.size() - 2) return {};
  const std::size_t start = offset + std::size_t{2};
  const std::size_t count = std::min<std::size_t>(
      {u16(bytes_, offset), (bytes_.size() - start) / kFieldSize, kMaxFields});
  std::vector<TiffField> fields;
  fields.reserve(count);
  for (std::size_t i = 0; i < count; ++i) fields.push_back(field(start + i * kFieldSize));
  return fields;
}

TiffField TiffBlock::field(std::size_t offset) const {
  constexpr std::size_t kInlineSize = 4;
  TiffField field{.tag = u16(bytes_, offset),
                  .type = u16(bytes_, offset + 2),
                  .count = u32(bytes_, offset + 4),
                  .data = {},
                  .offset = u32(bytes_, offset + 8)};
  const std::uint64_t size =
      field.type < kTypeSizes.size() ? std::uint64_t{kTypeSizes.at(field.type)} * field.count : 0;
  const std::uint64_t start = size > kInlineSize ? field.offset : offset + 8;
  if (start <= bytes_.size() && size <= bytes_.size() - start) {
    field.data = bytes_.subspan(start, size);
  }
  return field;
}

}  // namespace imgpeek
