#include "video/view.h"

#include <algorithm>
#include <cstddef>

namespace imgpeek {
namespace {

// libavformat crosses a gap of up to 32 KiB by reading on, which a hole would end (avio's
// short_seek_threshold): smaller ones are closed, at the price of the bytes in them.
constexpr std::uint64_t kSmallestHole = 65536;

}  // namespace

std::uint64_t View::end() const {
  return pieces_.empty() ? 0 : pieces_.back().position + pieces_.back().range.length;
}

std::uint64_t View::size() const { return size_.value_or(end()); }

std::uint64_t View::length() const {
  std::uint64_t sum = 0;
  for (const Piece& piece : pieces_) sum += piece.range.length;
  return sum;
}

void View::append(Range range) {
  if (range.length == 0) return;
  if (!pieces_.empty() && pieces_.back().made.empty() &&
      pieces_.back().range.offset + pieces_.back().range.length == range.offset) {
    pieces_.back().range.length += range.length;
    return;
  }
  pieces_.push_back({.position = end(), .range = range, .made = {}});
}

void View::append_made(ByteSpan made) {
  if (made.empty()) return;
  pieces_.push_back({.position = end(), .range = {0, made.size()}, .made = made});
}

void View::append_view(const View& other) {
  for (const Piece& piece : other.pieces_) {
    if (piece.made.empty()) {
      append(piece.range);
    } else {
      append_made(piece.made);
    }
  }
}

void View::place(Range range) {
  if (range.length == 0) return;
  if (!pieces_.empty()) {
    Range& last = pieces_.back().range;
    const std::uint64_t last_end = last.offset + last.length;
    if (range.offset <= last_end || range.offset - last_end < kSmallestHole) {
      last.length = std::max(last_end, range.offset + range.length) - last.offset;
      return;
    }
  }
  pieces_.push_back({.position = range.offset, .range = range, .made = {}});
}

void View::require(Bytes& bytes) const {
  std::vector<Range> ranges;
  for (const Piece& piece : pieces_) {
    if (piece.made.empty()) ranges.push_back(piece.range);
  }
  bytes.require(ranges);
}

ByteSpan View::read(const Bytes& bytes, std::uint64_t position, std::uint64_t length) const {
  const auto after = std::upper_bound(
      pieces_.begin(), pieces_.end(), position,
      [](std::uint64_t value, const Piece& piece) { return value < piece.position; });
  if (after == pieces_.begin()) return {};
  const Piece& piece = *(after - 1);
  const std::uint64_t skip = position - piece.position;
  if (skip >= piece.range.length) return {};
  length = std::min(length, piece.range.length - skip);
  if (piece.made.empty()) return bytes.held(piece.range.offset + skip, length);
  return piece.made.subspan(static_cast<std::size_t>(skip), static_cast<std::size_t>(length));
}

}  // namespace imgpeek
