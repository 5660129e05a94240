#include "image/jxl/jxl_codestream.h"

#include <algorithm>

namespace imgpeek {

JxlCodestream::JxlCodestream(Bytes& bytes, const std::vector<Range>& parts) : bytes_(bytes) {
  std::uint64_t start = 0;
  for (const Range& range : parts) {
    if (range.length == 0) continue;
    parts_.push_back({start, range});
    if (range.length >= kToEnd - start) break;  // one that runs to an end that is not known
    start += range.length;
  }
}

std::vector<Range> JxlCodestream::find(std::uint64_t offset, std::uint64_t length) const {
  std::vector<Range> ranges;
  const auto after =
      std::upper_bound(parts_.begin(), parts_.end(), offset,
                       [](std::uint64_t value, const Part& part) { return value < part.start; });
  if (after == parts_.begin()) return ranges;
  for (auto part = after - 1; part != parts_.end() && length != 0; ++part) {
    const std::uint64_t skip = offset - part->start;
    if (skip >= part->range.length) break;  // past the last one
    const std::uint64_t taken = std::min(length, part->range.length - skip);
    ranges.push_back({part->range.offset + skip, taken});
    length -= taken;
    offset += taken;
  }
  return ranges;
}

ByteSpan JxlCodestream::read_ahead(std::uint64_t offset, std::uint64_t length,
                                   std::uint64_t ahead) {
  const std::vector<Range> ranges = find(offset, length);
  try {
    bytes_.require(ranges);
  } catch (const Missing&) {
    bytes_.require(find(offset, std::max(length, ahead)));
  }
  if (ranges.size() == 1) {
    const ByteSpan direct = bytes_.held(ranges[0].offset, ranges[0].length);
    if (direct.size() == ranges[0].length) return direct;
  }
  joined_.clear();
  for (const Range& range : ranges) {
    std::uint64_t at = range.offset;
    const std::uint64_t end = range.offset + range.length;
    while (at < end) {
      const ByteSpan held = bytes_.held(at, end - at);
      if (held.empty()) return joined_;  // the file ends
      joined_.insert(joined_.end(), held.begin(), held.end());
      at += held.size();
    }
  }
  return joined_;
}

}  // namespace imgpeek
