#include "image/jpeg/jpeg_segments.h"

namespace imgpeek {
namespace {

// T.81, table B.1. TEM, RSTm and SOI stand alone, without a length.
constexpr std::uint8_t kTem = 0x01;
constexpr std::uint8_t kRst0 = 0xD0;
constexpr std::uint8_t kSoi = 0xD8;
constexpr std::uint8_t kEoi = 0xD9;
constexpr std::uint8_t kSos = 0xDA;
constexpr std::uint8_t kFill = 0xFF;
constexpr std::uint8_t kLastReserved = 0xBF;

constexpr std::uint64_t kMarkerLength = 2;
constexpr std::uint64_t kLengthLength = 2;

// What stands between segments where a marker should: writers' padding, and damage.
constexpr std::uint64_t kMaxGarbage = std::uint64_t{64} * 1024;

// Bounds the walk over a file of empty segments.
constexpr unsigned kMaxSegments = 4096;

}  // namespace

std::uint8_t JpegSegments::read_marker() {
  for (; garbage_ <= kMaxGarbage; ++garbage_, ++offset_) {
    hops_.reach(offset_, kMarkerLength);
    const std::uint16_t found = bytes_.be16(offset_);
    const auto marker = static_cast<std::uint8_t>(found & 0xFFU);
    // T.81, B.1.1.2: any number of 0xFF may stand before a marker.
    if (found >> 8U != kFill || marker == kFill || marker == 0) continue;
    offset_ += kMarkerLength;
    return marker;
  }
  throw Malformed("jpeg: no marker where one must be");
}

std::optional<JpegSegment> JpegSegments::next() {
  while (count_++ < kMaxSegments) {
    const std::uint8_t marker = read_marker();
    if (marker == kSos || marker == kEoi) return std::nullopt;
    if (marker == kTem || (marker >= kRst0 && marker <= kSoi)) continue;
    hops_.reach(offset_, kLengthLength);
    const std::uint16_t length = bytes_.be16(offset_);
    if (length < kLengthLength) throw Malformed("jpeg: a segment shorter than its own length");
    const JpegSegment segment{marker, offset_ + kLengthLength, length - kLengthLength};
    offset_ += length;
    return segment;
  }
  throw Malformed("jpeg: too many segments");
}

void JpegSegments::jump(std::uint64_t offset) {
  const std::uint64_t size = bytes_.size().value_or(kToEnd);
  if (offset <= offset_ || offset >= size || size - offset < kMarkerLength) return;
  hops_.reach(offset, kMarkerLength);
  const std::uint16_t found = bytes_.be16(offset);
  if (found >> 8U == kFill && (found & 0xFFU) > kLastReserved && (found & 0xFFU) != kFill) {
    offset_ = offset;
  }
}

}  // namespace imgpeek
