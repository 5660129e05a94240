// `iloc`, the item location box (ISO/IEC 14496-12, 8.11.3).
#include <algorithm>

#include "image/field_reader.h"
#include "image/heif/heif_items.h"

namespace imgpeek {
namespace {

enum class Construction : unsigned { kFile = 0, kIdat = 1, kItem = 2 };

struct Extent {
  std::uint64_t index = 0;  // into the `iloc` references of the item, from 1
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // 0: to the end of what it lies in
};

struct Location {
  Construction construction = Construction::kFile;
  std::vector<Extent> extents;
};

// Metadata lies in one extent, a grid's tiles in one each.
constexpr std::size_t kMaxExtents = 256;
// Items made of items made of items: nobody writes more.
constexpr int kMaxDepth = 3;
// An item whose data is in another file.
constexpr unsigned kThisFile = 0;

// The location of `wanted`, if the box tells it and the data is in this file.
std::optional<Location> find_location(ByteSpan iloc, ItemId wanted) {
  FieldReader fields(iloc);
  const unsigned version = fields.u32() >> 24U;
  const unsigned sizes = fields.u16();
  const std::size_t offset_size = sizes >> 12U;
  const std::size_t length_size = sizes >> 8U & 0xFU;
  const std::size_t base_size = sizes >> 4U & 0xFU;
  const std::size_t index_size = version == 0 ? 0 : sizes & 0xFU;
  if (std::max({offset_size, length_size, base_size, index_size}) > sizeof(std::uint64_t)) {
    return std::nullopt;
  }
  const std::uint32_t count = version < 2 ? fields.u16() : fields.u32();
  for (std::uint32_t i = 0; i < count; ++i) {
    const ItemId id = version < 2 ? fields.u16() : fields.u32();
    const unsigned construction = version == 0 ? 0 : fields.u16() & 0xFU;
    const unsigned data_reference = fields.u16();
    const std::uint64_t base = fields.integer(base_size);
    const std::size_t extents = fields.u16();
    if (id != wanted) {
      fields.skip(extents * (index_size + offset_size + length_size));
      continue;
    }
    if (extents > kMaxExtents || construction > static_cast<unsigned>(Construction::kItem)) {
      return std::nullopt;
    }
    Location location;
    location.construction = static_cast<Construction>(construction);
    if (data_reference != kThisFile && location.construction == Construction::kFile) {
      return std::nullopt;
    }
    for (std::size_t e = 0; e < extents; ++e) {
      Extent extent;
      if (index_size != 0) extent.index = fields.integer(index_size);
      extent.offset = fields.integer(offset_size);
      extent.length = fields.integer(length_size);
      if (extent.offset > UINT64_MAX - base) return std::nullopt;
      extent.offset += base;
      location.extents.push_back(extent);
    }
    return location;
  }
  return std::nullopt;
}

// Appends what [extent] of the bytes that lie in `source` is to `ranges`.
void append_part(std::span<const Range> source, const Extent& extent, std::vector<Range>& ranges) {
  std::uint64_t skip = extent.offset;
  std::uint64_t left = extent.length == 0 ? UINT64_MAX : extent.length;
  for (const Range& range : source) {
    if (left == 0) return;
    if (skip >= range.length) {
      skip -= range.length;
      continue;
    }
    const std::uint64_t length = std::min(left, range.length - skip);
    ranges.push_back({range.offset + skip, length});
    left -= length;
    skip = 0;
  }
}

}  // namespace

std::vector<Range> HeifItems::locate(ItemId id, int depth) const {
  std::vector<Range> ranges;
  if (depth >= kMaxDepth) return ranges;
  try {
    const std::optional<Location> location = find_location(iloc_, id);
    if (!location) return ranges;
    std::vector<Range> source;
    std::vector<ItemId> sources;
    switch (location->construction) {
      case Construction::kFile:
        source = {{0, bytes_.size().value_or(kToEnd)}};
        break;
      case Construction::kIdat:
        if (idat_) source = {{idat_->body, idat_->body_length()}};
        break;
      case Construction::kItem:
        sources = references(id, fourcc("iloc"));
        break;
    }
    for (const Extent& extent : location->extents) {
      if (location->construction == Construction::kItem) {
        // Without an index the extents take the references in turn; one is what is seen.
        const std::uint64_t index = std::max<std::uint64_t>(extent.index, 1);
        if (index > sources.size()) return {};
        source = locate(sources[static_cast<std::size_t>(index - 1)], depth + 1);
      }
      append_part(source, extent, ranges);
      if (ranges.size() > kMaxExtents) return {};
    }
  } catch (const Malformed&) {
    return {};
  }
  return ranges;
}

}  // namespace imgpeek
