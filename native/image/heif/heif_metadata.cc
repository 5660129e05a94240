#include "image/heif/heif_metadata.h"

#include <algorithm>
#include <array>
#include <vector>

#include "image/exif_block.h"

namespace imgpeek {
namespace {

// A metadata block above this is left out.
constexpr std::uint64_t kMaxBlockLength = 16U << 20U;
constexpr std::string_view kXmpContentType = "application/rdf+xml";

using Ranges = std::vector<Range>;

bool is_exif(const HeifItem& item) { return item.type == fourcc("Exif"); }

bool is_xmp(const HeifItem& item) {
  return item.type == fourcc("mime") && item.content_type == kXmpContentType &&
         item.content_encoding.empty();
}

// The item that describes the primary one; else what that is derived from, or one of its planes,
// such as a gain map; else the first that describes no other, as writers forget the reference.
template <typename Predicate>
const HeifItem* find_description(const HeifItems& items, ItemId primary, Predicate is_kind) {
  const std::array only_primary{primary};
  std::vector<ItemId> parts = items.references(primary, fourcc("dimg"));
  for (const ItemId plane : items.referrers(fourcc("auxl"), only_primary)) parts.push_back(plane);
  std::sort(parts.begin(), parts.end());
  std::vector<ItemId> of_primary = items.referrers(fourcc("cdsc"), only_primary);
  std::vector<ItemId> of_parts = items.referrers(fourcc("cdsc"), parts);
  std::sort(of_primary.begin(), of_primary.end());
  std::sort(of_parts.begin(), of_parts.end());
  const std::vector<ItemId> of_any = items.referrers(fourcc("cdsc"));
  const auto contains = [](const std::vector<ItemId>& sorted, ItemId id) {
    return std::binary_search(sorted.begin(), sorted.end(), id);
  };
  const HeifItem* of_part = nullptr;
  const HeifItem* of_none = nullptr;
  for (const HeifItem& item : items.all()) {
    if (!is_kind(item)) continue;
    if (contains(of_primary, item.id)) return &item;
    if (of_part == nullptr && contains(of_parts, item.id)) of_part = &item;
    if (of_none == nullptr && !contains(of_any, item.id)) of_none = &item;
  }
  return of_part != nullptr ? of_part : of_none;
}

std::uint64_t total(const Ranges& ranges) {
  std::uint64_t sum = 0;
  for (const Range& range : ranges) {
    if (range.length > kMaxBlockLength) return range.length;
    sum += range.length;
  }
  return sum;
}

// The first `length` bytes of what lies in `ranges`.
Ranges first_bytes(const Ranges& ranges, std::uint64_t length) {
  Ranges first;
  for (const Range& range : ranges) {
    if (length == 0) break;
    first.push_back({range.offset, std::min(range.length, length)});
    length -= first.back().length;
  }
  return first;
}

// What lies in `ranges`, as far as the file goes.
ByteSpan read_ranges(Bytes& bytes, const Ranges& ranges) {
  if (ranges.size() == 1) return bytes.read_up_to(ranges[0].offset, ranges[0].length);
  std::vector<std::uint8_t> joined;
  for (const Range& range : ranges) {
    const ByteSpan part = bytes.read_up_to(range.offset, range.length);
    joined.insert(joined.end(), part.begin(), part.end());
  }
  return bytes.keep(std::move(joined));
}

Ranges locate(const HeifItems& items, const HeifItem* item) {
  if (item == nullptr) return {};
  Ranges ranges = items.locate(item->id);
  if (total(ranges) > kMaxBlockLength) ranges.clear();
  return ranges;
}

}  // namespace

void read_heif_metadata(Bytes& bytes, const HeifItems& items, ItemId primary, const Wanted& wanted,
                        Image& image) {
  Ranges exif;
  Ranges xmp;
  if (wanted.exif || wanted.dimensions) {
    exif = locate(items, find_description(items, primary, is_exif));
  }
  if (wanted.xmp) xmp = locate(items, find_description(items, primary, is_xmp));

  const Ranges first_of_exif = wanted.exif ? exif : first_bytes(exif, kOrientationLength);
  Ranges all = first_of_exif;
  all.insert(all.end(), xmp.begin(), xmp.end());
  bytes.require(all);

  image.metadata.exif = find_tiff_header(read_ranges(bytes, first_of_exif));
  if (!wanted.exif && !holds_first_directory(image.metadata.exif)) {
    bytes.require(exif);
    image.metadata.exif = find_tiff_header(read_ranges(bytes, exif));
  }
  const ByteSpan packet = read_ranges(bytes, xmp);
  if (!packet.empty()) image.metadata.xmp.push_back(packet);
}

}  // namespace imgpeek
