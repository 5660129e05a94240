#include "image/jxl_codestream.h"

#include <algorithm>

namespace imgpeek {

std::vector<Range> JxlCodestream::find(std::uint64_t offset, std::uint64_t length) const {
  std::vector<Range> ranges;
  for (const Range& part : parts_) {
    if (length == 0) break;
    if (offset >= part.length) {
      offset -= part.length;
      continue;
    }
    const std::uint64_t taken = std::min(length, part.length - offset);
    ranges.push_back({part.offset + offset, taken});
    length -= taken;
    offset = 0;
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
  if (ranges.size() == 1) return bytes_.read_up_to(ranges[0].offset, ranges[0].length);
  std::vector<std::uint8_t> joined;
  for (const Range& range : ranges) {
    const ByteSpan part = bytes_.read_up_to(range.offset, range.length);
    joined.insert(joined.end(), part.begin(), part.end());
    if (part.size() < range.length) break;
  }
  return bytes_.keep(std::move(joined));
}

}  // namespace imgpeek
