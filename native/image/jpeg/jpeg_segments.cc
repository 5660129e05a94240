#include "image/jpeg/jpeg_segments.h"

#include <array>
#include <vector>

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

// Shorter segments are read through: ranges so near are fetched as one.
constexpr std::uint64_t kLong = std::uint64_t{32} * 1024;
// What is asked for of a segment that is guessed: its header, and the code of its payload.
constexpr std::uint64_t kGuess = 128;
// How many segments are guessed after so many that were alike. Three guesses lead past 6 MiB of the
// longest segments; each of them is a request, so that beyond that to read on costs less.
struct Guesses {
  unsigned alike;
  unsigned count;
};
constexpr std::array<Guesses, 3> kGuesses = {{{2, 8}, {10, 24}, {34, 64}}};
constexpr unsigned kMaxAlike = 98;

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
    foresee();
    const std::uint64_t start = offset_;
    const std::uint8_t marker = read_marker();
    if (marker == kSos || marker == kEoi) return std::nullopt;
    if (marker == kTem || (marker >= kRst0 && marker <= kSoi)) continue;
    hops_.reach(offset_, kLengthLength);
    const std::uint16_t length = bytes_.be16(offset_);
    if (length < kLengthLength) throw Malformed("jpeg: a segment shorter than its own length");
    const JpegSegment segment{marker, offset_ + kLengthLength, length - kLengthLength};
    offset_ += length;
    alike_ = offset_ - start == stride_ ? alike_ + 1 : 1;
    stride_ = offset_ - start;
    return segment;
  }
  throw Malformed("jpeg: too many segments");
}

void JpegSegments::foresee() {
  if (stride_ < kLong || alike_ < kGuesses.front().alike || alike_ >= kMaxAlike) return;
  const std::uint64_t size = bytes_.size().value_or(0);
  if (offset_ >= size || !bytes_.held(offset_ - 1, 1).empty()) return;
  if (!bytes_.held(offset_, 1).empty()) return hops_.go_on(offset_);
  unsigned count = 0;
  for (const Guesses& guesses : kGuesses) {
    if (alike_ >= guesses.alike) count = guesses.count;
  }
  std::vector<Range> ranges;
  for (std::uint64_t at = offset_; ranges.size() < count && at < size; at += stride_) {
    ranges.push_back({at, kGuess});
  }
  bytes_.require(ranges);
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
