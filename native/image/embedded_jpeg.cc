#include "image/embedded_jpeg.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "image/readers.h"

namespace imgpeek {
namespace {

// EXIF comes first. It may be four times as large, which its segment's header then says.
constexpr std::uint64_t kHeadLength = 16384;

// A block may be of the inner Bytes' own making, which does not outlive the call.
ByteSpan keep(Bytes& bytes, ByteSpan block) { return bytes.keep({block.begin(), block.end()}); }

}  // namespace

Range embedded_jpeg_head(Range jpeg) { return {jpeg.offset, std::min(jpeg.length, kHeadLength)}; }

Image read_embedded_jpeg(Bytes& bytes, Range jpeg, const Wanted& wanted) {
  if (const auto size = bytes.size()) {
    jpeg.length = std::min(jpeg.length, *size - std::min(*size, jpeg.offset));
  }
  Wanted inner_wanted = wanted;
  inner_wanted.colorspace = inner_wanted.bands = inner_wanted.sample_format = false;
  Image image;
  Bytes inner(bytes.held_in(jpeg), jpeg.length, bytes.last_round());
  try {
    if (!is_jpeg(inner)) return {};
    read_jpeg(inner, inner_wanted, image);
  } catch (const Missing& missing) {
    std::vector<Range> ranges = missing.need.ranges;
    for (Range& range : ranges) range.offset += jpeg.offset;
    bytes.require(ranges);
  } catch (const Malformed&) {
    return {};
  }
  image.metadata.exif = keep(bytes, image.metadata.exif);
  image.metadata.iptc = keep(bytes, image.metadata.iptc);
  image.metadata.photoshop = keep(bytes, image.metadata.photoshop);
  for (ByteSpan& packet : image.metadata.xmp) packet = keep(bytes, packet);
  return image;
}

}  // namespace imgpeek
