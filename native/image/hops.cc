#include "image/hops.h"

#include <algorithm>

namespace imgpeek {
namespace {

// Enough for the way from a JPEG's last long segment to its scan.
constexpr std::uint64_t kFirstRun = 1024;
constexpr std::uint64_t kLongestRun = std::uint64_t{256} * 1024;
constexpr unsigned kMaxGaps = 8;
static_assert(kFirstRun << kMaxGaps == kLongestRun);

bool is_held(const Bytes& bytes, std::uint64_t offset, std::uint64_t end) {
  end = std::min(end, bytes.size().value_or(end));
  while (offset < end) {
    const std::size_t length = bytes.held(offset, end - offset).size();
    if (length == 0) return false;
    offset += length;
  }
  return true;
}

}  // namespace

void Hops::reach(std::uint64_t offset, std::uint64_t length) {
  if (offset > last_ && bytes_.held(offset - 1, 1).empty()) {
    gaps_ = std::min(gaps_ + 1, kMaxGaps);
    start_ = offset;
  }
  last_ = offset;
  if (length > kToEnd - offset) length = kToEnd - offset;
  if (is_held(bytes_, offset, offset + length)) return;
  const std::uint64_t shortest = kFirstRun << gaps_;
  const std::uint64_t read = offset > start_ ? offset + length - start_ : 0;
  const std::uint64_t run = std::clamp(read / 2, shortest, kLongestRun);
  bytes_.require({{offset, run > kToEnd - offset - length ? kToEnd : length + run}});
}

}  // namespace imgpeek
