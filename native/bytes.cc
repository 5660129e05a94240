#include "bytes.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace imgpeek {
namespace {

std::uint64_t end_of(std::uint64_t offset, std::uint64_t length) {
  return length > UINT64_MAX - offset ? UINT64_MAX : offset + length;
}

template <typename Integer>
Integer from_big_endian(ByteSpan data, std::size_t offset) {
  Integer value = 0;
  for (const std::uint8_t byte : slice(data, offset, sizeof(Integer))) {
    value = static_cast<Integer>((static_cast<std::uint64_t>(value) << 8U) | byte);
  }
  return value;
}

template <typename Integer>
Integer from_little_endian(ByteSpan data, std::size_t offset) {
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const std::uint8_t byte : slice(data, offset, sizeof(Integer))) {
    value |= static_cast<std::uint64_t>(byte) << shift;
    shift += 8;
  }
  return static_cast<Integer>(value);
}

}  // namespace

Bytes::Bytes(std::vector<Segment> segments, std::optional<std::uint64_t> size, bool last_round,
             Effort effort)
    : size_(size), last_round_(last_round), effort_(effort) {
  std::sort(segments.begin(), segments.end(),
            [](const Segment& a, const Segment& b) { return a.offset < b.offset; });
  std::uint64_t end = 0;
  for (Segment segment : segments) {
    if (segment.offset < end) {
      const std::uint64_t overlap = end - segment.offset;
      if (overlap >= segment.data.size()) continue;
      segment.data = segment.data.subspan(static_cast<std::size_t>(overlap));
      segment.offset = end;
    }
    if (segment.data.empty()) continue;
    end = segment.offset + segment.data.size();
    segments_.push_back(segment);
  }
  // A file that is longer than its origin said is as long as the bytes that came.
  if (size_ && *size_ < end) size_ = end;
}

std::uint64_t Bytes::require_size() {
  if (size_) return *size_;
  const std::uint64_t end =
      segments_.empty() ? 0 : segments_.back().offset + segments_.back().data.size();
  if (last_round_) return end;
  throw Missing{{{{end, kToEnd}}}};
}

std::ptrdiff_t Bytes::find(std::uint64_t offset) const {
  const auto after = std::upper_bound(
      segments_.begin(), segments_.end(), offset,
      [](std::uint64_t value, const Segment& segment) { return value < segment.offset; });
  if (after == segments_.begin()) return -1;
  const auto candidate = after - 1;
  if (offset - candidate->offset >= candidate->data.size()) return -1;
  return candidate - segments_.begin();
}

Range Bytes::first_gap(std::uint64_t offset, std::uint64_t end) const {
  while (offset < end) {
    const std::ptrdiff_t index = find(offset);
    if (index < 0) {
      const auto next = std::upper_bound(
          segments_.begin(), segments_.end(), offset,
          [](std::uint64_t value, const Segment& segment) { return value < segment.offset; });
      const std::uint64_t stop = next == segments_.end() ? end : std::min(end, next->offset);
      return {offset, stop - offset};
    }
    const Segment& segment = segments_[static_cast<std::size_t>(index)];
    offset = segment.offset + segment.data.size();
  }
  return {offset, 0};
}

void Bytes::require(std::span<const Range> ranges) {
  if (last_round_) return;
  Need need;
  for (const Range& range : ranges) {
    std::uint64_t end = end_of(range.offset, range.length);
    if (size_) end = std::min(end, *size_);
    std::uint64_t offset = range.offset;
    while (offset < end) {
      const Range gap = first_gap(offset, end);
      if (gap.length == 0) break;
      need.ranges.push_back(gap);
      offset = gap.offset + gap.length;
    }
  }
  if (!need.ranges.empty()) throw Missing{std::move(need)};
}

ByteSpan Bytes::held(std::uint64_t offset, std::uint64_t length) const {
  const std::ptrdiff_t index = find(offset);
  if (index < 0) return {};
  const Segment& segment = segments_[static_cast<std::size_t>(index)];
  const auto start = static_cast<std::size_t>(offset - segment.offset);
  const std::uint64_t available = segment.data.size() - start;
  return segment.data.subspan(start, static_cast<std::size_t>(std::min(length, available)));
}

std::vector<Bytes::Segment> Bytes::held_in(Range range) const {
  std::vector<Segment> inside;
  const std::uint64_t end = end_of(range.offset, range.length);
  for (const Segment& segment : segments_) {
    const std::uint64_t start = std::max(segment.offset, range.offset);
    const std::uint64_t stop = std::min(segment.offset + segment.data.size(), end);
    if (start >= stop) continue;
    inside.push_back({start - range.offset,
                      segment.data.subspan(static_cast<std::size_t>(start - segment.offset),
                                           static_cast<std::size_t>(stop - start))});
  }
  return inside;
}

ByteSpan Bytes::read_up_to(std::uint64_t offset, std::uint64_t length) {
  const ByteSpan direct = held(offset, length);
  if (direct.size() == length) return direct;
  std::uint64_t end = end_of(offset, length);
  if (size_) end = std::min(end, *size_);
  if (offset >= end) return {};
  const Range gap = first_gap(offset, end);
  if (gap.length != 0) {
    if (!last_round_) require({{offset, end - offset}});
    end = gap.offset;
  }
  if (direct.size() == end - offset) return direct;
  // The range spans several segments: stitch them together.
  std::vector<std::uint8_t> joined;
  joined.reserve(static_cast<std::size_t>(end - offset));
  while (offset < end) {
    const ByteSpan part = held(offset, end - offset);
    joined.insert(joined.end(), part.begin(), part.end());
    offset += part.size();
  }
  return keep(std::move(joined));
}

ByteSpan Bytes::read(std::uint64_t offset, std::uint64_t length) {
  const ByteSpan data = read_up_to(offset, length);
  if (data.size() != length) throw Malformed("the file ends too early");
  return data;
}

ByteSpan Bytes::keep(std::vector<std::uint8_t> made) {
  if (made.size() > kMaxKept - kept_length_) throw Malformed("the file unpacks to too much");
  kept_length_ += made.size();
  return kept_.emplace_back(std::move(made));
}

std::uint8_t Bytes::u8(std::uint64_t offset) { return read(offset, 1)[0]; }
std::uint16_t Bytes::be16(std::uint64_t offset) { return imgpeek::be16(read(offset, 2), 0); }
std::uint32_t Bytes::be32(std::uint64_t offset) { return imgpeek::be32(read(offset, 4), 0); }
std::uint64_t Bytes::be64(std::uint64_t offset) { return imgpeek::be64(read(offset, 8), 0); }
std::uint16_t Bytes::le16(std::uint64_t offset) { return imgpeek::le16(read(offset, 2), 0); }
std::uint32_t Bytes::le32(std::uint64_t offset) { return imgpeek::le32(read(offset, 4), 0); }
std::uint64_t Bytes::le64(std::uint64_t offset) { return imgpeek::le64(read(offset, 8), 0); }

bool Bytes::matches(std::uint64_t offset, std::string_view magic) {
  return as_text(read_up_to(offset, magic.size())) == magic;
}

std::uint16_t be16(ByteSpan data, std::size_t offset) {
  return from_big_endian<std::uint16_t>(data, offset);
}
std::uint32_t be32(ByteSpan data, std::size_t offset) {
  return from_big_endian<std::uint32_t>(data, offset);
}
std::uint64_t be64(ByteSpan data, std::size_t offset) {
  return from_big_endian<std::uint64_t>(data, offset);
}
std::uint16_t le16(ByteSpan data, std::size_t offset) {
  return from_little_endian<std::uint16_t>(data, offset);
}
std::uint32_t le32(ByteSpan data, std::size_t offset) {
  return from_little_endian<std::uint32_t>(data, offset);
}
std::uint64_t le64(ByteSpan data, std::size_t offset) {
  return from_little_endian<std::uint64_t>(data, offset);
}

std::uint16_t ordered16(ByteSpan data, std::size_t offset, ByteOrder order) {
  return order == ByteOrder::kLittle ? le16(data, offset) : be16(data, offset);
}
std::uint32_t ordered32(ByteSpan data, std::size_t offset, ByteOrder order) {
  return order == ByteOrder::kLittle ? le32(data, offset) : be32(data, offset);
}
std::uint64_t ordered64(ByteSpan data, std::size_t offset, ByteOrder order) {
  return order == ByteOrder::kLittle ? le64(data, offset) : be64(data, offset);
}

ByteSpan slice(ByteSpan data, std::size_t offset, std::size_t length) {
  if (offset > data.size() || length > data.size() - offset) {
    throw Malformed("a field runs past the end of its block");
  }
  return data.subspan(offset, length);
}

std::string_view as_text(ByteSpan data) {
  // The one place where file bytes are looked at as characters; char may alias anything.
  return {reinterpret_cast<const char*>(data.data()), data.size()};  // NOLINT
}

}  // namespace imgpeek
