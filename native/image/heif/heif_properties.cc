#include "image/heif/heif_properties.h"

#include <algorithm>

#include "image/field_reader.h"

namespace imgpeek {
namespace {

constexpr std::uint64_t kMaxAssociationsLength = 4U << 20U;
constexpr std::size_t kMaxAssociations = 65535;
// Codec configurations, sizes, names: what is read of a property is short.
constexpr std::uint64_t kMaxPropertyLength = 65536;
// An index of 15 bits; one bit more says whether the property is essential.
constexpr unsigned kMaxProperties = 0x7FFF;
constexpr std::uint16_t kWideIndexMask = 0x7FFF;
constexpr std::uint8_t kNarrowIndexMask = 0x7F;
// ISO/IEC 23008-12, 9.3.1: flag 1 makes the indices 15 bits long.
constexpr std::uint32_t kWideIndices = 1;

// ISO/IEC 14496-12, 12.1.4.2: the clean aperture's width and height as fractions.
ImageSize cut_by_clap(ByteSpan clap, ImageSize size) {
  FieldReader fields(clap);
  const auto rounded = [&fields]() -> std::uint64_t {
    const std::uint64_t numerator = fields.u32();
    const std::uint64_t denominator = fields.u32();
    return denominator == 0 ? 0 : (numerator + denominator / 2) / denominator;
  };
  const std::uint64_t width = rounded();
  const std::uint64_t height = rounded();
  // An aperture that is empty or wider than the picture cuts nothing.
  if (width == 0 || height == 0 || width > size.width || height > size.height) return size;
  return {width, height};
}

// ISO/IEC 23008-12, 6.5.10: quarter turns in the lowest two bits.
ImageSize turn_by_irot(ByteSpan irot, ImageSize size) {
  const bool sideways = (FieldReader(irot).u8() & 1U) != 0;
  return sideways ? ImageSize{size.height, size.width} : size;
}

}  // namespace

HeifProperties::HeifProperties(Bytes& bytes, const std::optional<Box>& iprp) : bytes_(bytes) {
  if (!iprp) return;
  BoxWalker boxes(bytes, *iprp);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("ipco") && properties_.empty()) {
      BoxWalker properties(bytes, *box, 0, kMaxProperties);
      while (const std::optional<Box> property = properties.next()) {
        properties_.push_back(*property);
      }
    }
    if (box->type != fourcc("ipma")) continue;
    try {
      read_associations(*box);
    } catch (const Malformed&) {
      // The associations that were read before the damage count.
    }
  }
  std::stable_sort(associations_.begin(), associations_.end(),
                   [](const Association& a, const Association& b) { return a.id < b.id; });
}

void HeifProperties::read_associations(const Box& ipma) {
  FieldReader fields(read_body(bytes_, ipma, kMaxAssociationsLength));
  const std::uint32_t version_and_flags = fields.u32();
  const bool wide_id = version_and_flags >> 24U != 0;
  const bool wide = (version_and_flags & kWideIndices) != 0;
  const std::uint32_t count = fields.u32();
  for (std::uint32_t i = 0; i < count && associations_.size() < kMaxAssociations; ++i) {
    const ItemId id = wide_id ? fields.u32() : fields.u16();
    const std::size_t indices = fields.u8();
    associations_.push_back({id, fields.bytes(wide ? indices * 2 : indices), wide});
  }
}

std::vector<Box> HeifProperties::of(ItemId id) const {
  std::vector<Box> found;
  auto at = std::lower_bound(
      associations_.begin(), associations_.end(), id,
      [](const Association& association, ItemId value) { return association.id < value; });
  for (; at != associations_.end() && at->id == id; ++at) {
    FieldReader fields(at->indices);
    while (fields.left() != 0) {
      const std::size_t index =
          at->wide ? fields.u16() & kWideIndexMask : fields.u8() & kNarrowIndexMask;
      if (index == 0 || index > properties_.size()) continue;
      found.push_back(properties_[index - 1]);
      if (found.size() > kMaxProperties) return found;
    }
  }
  return found;
}

ByteSpan HeifProperties::read(ItemId id, FourCc type) const {
  for (const Box& property : of(id)) {
    if (property.type == type && property.body_length() <= kMaxPropertyLength) {
      return read_body(bytes_, property, kMaxPropertyLength);
    }
  }
  return {};
}

std::optional<ImageSize> HeifProperties::displayed_size(ItemId id) const {
  const ByteSpan ispe = read(id, fourcc("ispe"));
  if (ispe.size() < kFullBoxHeader + 8) return std::nullopt;
  return transform(id, {be32(ispe, kFullBoxHeader), be32(ispe, kFullBoxHeader + 4)});
}

ImageSize HeifProperties::transform(ItemId id, ImageSize size) const {
  for (const Box& property : of(id)) {
    if (property.body_length() > kMaxPropertyLength) continue;
    try {
      if (property.type == fourcc("clap")) {
        size = cut_by_clap(read_body(bytes_, property, kMaxPropertyLength), size);
      } else if (property.type == fourcc("irot")) {
        size = turn_by_irot(read_body(bytes_, property, kMaxPropertyLength), size);
      }
    } catch (const Malformed&) {
      // A transform that cannot be read changes nothing.
    }
  }
  return size;
}

}  // namespace imgpeek
