#include "image/tiff/tiff_directory.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace imgpeek {
namespace {

// The header (TIFF 6.0, section 2; BigTIFF): byte order, magic number, then the first offset, which
// in BigTIFF comes after the size of offsets and a zero.
constexpr std::uint16_t kBigTiffMagic = 43;
constexpr std::size_t kClassicFirstOffset = 4;
constexpr std::size_t kBigFirstOffset = 8;

// No directory of a photograph has more, and libtiff refuses them, too.
constexpr std::uint64_t kMaxEntries = 4096;

// Some 80 entries.
constexpr std::uint64_t kEntriesRun = 1024;
// Writers put the values of a directory right after it, or before it.
constexpr std::uint64_t kValuesRun = 4096;
constexpr std::uint64_t kValuesLead = 4096;
// A directory so near the end of the file has nothing but metadata after it.
constexpr std::uint64_t kTailRun = 32768;
// Fetching so many bytes between two ranges is cheaper than one request more.
constexpr std::uint64_t kMergeGap = 4096;

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

// True where no byte of the range is left to fetch.
bool holds(const Bytes& bytes, Range range) {
  const std::optional<std::uint64_t> size = bytes.size();
  while (range.length != 0 && (!size || range.offset < *size)) {
    const std::uint64_t held = bytes.held(range.offset, range.length).size();
    if (held == 0) return false;
    range = {range.offset + held, range.length - held};
  }
  return true;
}

}  // namespace

std::uint64_t tiff_type_size(std::uint16_t type) {
  constexpr std::array<std::uint8_t, 19> kSizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4,
                                                   8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < kSizes.size() ? kSizes[type] : 0;
}

const TiffEntry* TiffDirectory::find(std::uint16_t tag) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [tag](const TiffEntry& entry) { return entry.tag == tag; });
  return found == entries.end() ? nullptr : &*found;
}

Tiff::Tiff(Bytes& bytes, TiffReach reach) : bytes_(bytes), reach_(reach) {
  const ByteSpan header = bytes.read(0, kBigFirstOffset);
  const std::string_view mark = as_text(header.first(2));
  if (mark != "II" && mark != "MM") throw Malformed("tiff: no byte order mark");
  order_ = mark == "II" ? ByteOrder::kLittle : ByteOrder::kBig;
  if (u16(header, 2) == kBigTiffMagic) {
    shape_ = kBig;
    first_directory_ = u64(bytes.read(kBigFirstOffset, shape_.offset), 0);
  } else {
    first_directory_ = u32(header, kClassicFirstOffset);
  }
}

std::uint16_t Tiff::u16(ByteSpan data, std::size_t offset) const {
  return ordered16(data, offset, order_);
}

std::uint32_t Tiff::u32(ByteSpan data, std::size_t offset) const {
  return ordered32(data, offset, order_);
}

std::uint64_t Tiff::u64(ByteSpan data, std::size_t offset) const {
  return ordered64(data, offset, order_);
}

std::uint64_t Tiff::read_count(ByteSpan data) const {
  return shape_.count == kBig.count ? u64(data, 0) : u16(data, 0);
}

std::uint64_t Tiff::read_offset(ByteSpan data, std::size_t offset) const {
  return shape_.offset == kBig.offset ? u64(data, offset) : u32(data, offset);
}

Range Tiff::directory_range(std::uint64_t offset, std::uint64_t run) const {
  std::uint64_t length = 0;
  const ByteSpan count = bytes_.held(offset, shape_.count);
  if (count.size() == shape_.count) {
    const std::uint64_t entries = std::min(read_count(count), kMaxEntries);
    length = shape_.count + entries * shape_.entry + shape_.offset;
    if (holds(bytes_, {offset, length})) return {offset, length};
  }
  if (reach_ == TiffReach::kEntries) return {offset, std::max({length, kEntriesRun, run})};
  const std::uint64_t lead = std::min(offset, kValuesLead);
  const std::optional<std::uint64_t> size = bytes_.size();
  if (size && *size > offset && *size - offset <= kTailRun)
    length = std::max(length, *size - offset);
  return {offset - lead, lead + std::max({length, kValuesRun, run})};
}

TiffDirectory Tiff::read_directory(std::uint64_t offset) {
  bytes_.require({directory_range(offset)});
  const std::uint64_t count = read_count(bytes_.read(offset, shape_.count));
  if (count > kMaxEntries) throw Malformed("tiff: too many entries in a directory");
  const std::uint64_t start = saturating_add(offset, shape_.count);
  const std::uint64_t length = count * shape_.entry + shape_.offset;
  const ByteSpan data = bytes_.read_up_to(start, length);

  TiffDirectory directory;
  for (std::size_t at = 0; at + shape_.entry <= data.size(); at += shape_.entry) {
    if (directory.entries.size() == count || at == count * shape_.entry) break;
    TiffEntry entry;
    entry.tag = u16(data, at);
    entry.type = u16(data, at + 2);
    entry.count = read_offset(data, at + 4);
    const std::uint64_t size = tiff_type_size(entry.type);
    if (size == 0 || entry.count > UINT64_MAX / size) continue;
    entry.length = entry.count * size;
    const std::size_t value = at + 4 + shape_.offset;
    entry.position = entry.length <= shape_.offset ? start + value : read_offset(data, value);
    directory.entries.push_back(entry);
  }
  if (directory.entries.empty()) throw Malformed("tiff: an empty directory");
  if (data.size() == length) directory.next = read_offset(data, data.size() - shape_.offset);
  return directory;
}

ByteSpan Tiff::value(const TiffEntry& entry) {
  return bytes_.read_up_to(entry.position, entry.length);
}

std::optional<std::uint64_t> Tiff::number(const TiffEntry& entry, std::uint64_t index) {
  if (index >= entry.count) return std::nullopt;
  const std::uint64_t size = tiff_type_size(entry.type);
  const ByteSpan data = bytes_.read_up_to(saturating_add(entry.position, index * size), size);
  if (data.size() != size) return std::nullopt;
  switch (entry.type) {
    case kTiffByte:
      return data[0];
    case kTiffShort:
      return u16(data, 0);
    case kTiffLong:
    case kTiffIfd:
      return u32(data, 0);
    case kTiffLong8:
    case kTiffIfd8:
      return u64(data, 0);
    default:
      return std::nullopt;
  }
}

std::optional<std::uint64_t> Tiff::number(const TiffDirectory& directory, std::uint16_t tag,
                                          std::uint64_t index) {
  const TiffEntry* entry = directory.find(tag);
  return entry == nullptr ? std::nullopt : number(*entry, index);
}

void Tiff::want_directory(std::uint64_t offset, std::uint64_t run) {
  want(directory_range(offset, run));
}

void Tiff::want_value(const TiffEntry& entry) { want({entry.position, entry.length}); }

void Tiff::fetch_wanted() {
  std::vector<Range> ranges = std::exchange(wanted_, {});
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.offset < b.offset; });
  std::vector<Range> merged;
  for (const Range& range : ranges) {
    if (holds(bytes_, range)) continue;
    const std::uint64_t end = saturating_add(range.offset, range.length);
    if (!merged.empty()) {
      Range& last = merged.back();
      const std::uint64_t last_end = last.offset + last.length;
      if (range.offset <= saturating_add(last_end, kMergeGap)) {
        last.length = std::max(last_end, end) - last.offset;
        continue;
      }
    }
    merged.push_back({range.offset, end - range.offset});
  }
  bytes_.require(merged);
}

}  // namespace imgpeek
