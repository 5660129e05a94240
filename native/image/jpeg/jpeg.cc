// Baseline, progressive, arithmetic, lossless and hierarchical JPEG (ITU-T T.81) and JPEG-LS
// (T.87).
#include <optional>

#include "image/jpeg/jpeg_metadata.h"
#include "image/jpeg/jpeg_segments.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

// T.81, table B.1: SOF0 to SOF15, without DHT, JPG and DAC, which lie among them. T.87, table C.1.
constexpr std::uint8_t kSof0 = 0xC0;
constexpr std::uint8_t kSof15 = 0xCF;
constexpr std::uint8_t kDht = 0xC4;
constexpr std::uint8_t kJpg = 0xC8;
constexpr std::uint8_t kDac = 0xCC;
constexpr std::uint8_t kSof55 = 0xF7;

bool is_frame_header(std::uint8_t marker) {
  if (marker == kSof55) return true;
  return marker >= kSof0 && marker <= kSof15 && marker != kDht && marker != kJpg && marker != kDac;
}

// T.81, B.2.2: the sample precision, the lines, the samples a line, the components.
void read_frame_header(ByteSpan header, const Wanted& wanted, Image& image) {
  constexpr unsigned kByteBits = 8;
  constexpr std::size_t kComponents = 5;
  image.height = be16(header, 1);
  image.width = be16(header, 3);
  // T.81, B.2.5: the height may be told after the first scan only, which no header is.
  if (image.width == 0 || image.height == 0) throw Malformed("jpeg: a frame without dimensions");
  if (!wanted.pixel_format()) return;
  const unsigned components = slice(header, kComponents, 1)[0];
  const bool is_wide = header[0] > kByteBits;
  image.bands = components;
  image.sample_format = is_wide ? "ushort" : "uchar";
  if (components == 1) {
    image.colorspace = is_wide ? "grey16" : "b-w";
  } else if (components == 4) {
    image.colorspace = "cmyk";
  } else {
    image.colorspace = is_wide ? "rgb16" : "srgb";
  }
}

}  // namespace

bool is_jpeg(Bytes& bytes) { return bytes.matches(0, "\xFF\xD8"); }

void read_jpeg(Bytes& bytes, const Wanted& wanted, Image& image) {
  constexpr std::uint64_t kFrameHeader = 6;
  JpegSegments segments(bytes);
  JpegMetadata metadata(bytes, wanted, segments);
  bool has_frame = false;
  try {
    while (!has_frame || metadata.wants_more()) {
      const std::optional<JpegSegment> segment = segments.next();
      if (!segment) break;
      if (!is_frame_header(segment->marker)) {
        metadata.take(*segment);
      } else if (!has_frame) {
        segments.reach({segment->offset, kFrameHeader});
        read_frame_header(bytes.read(segment->offset, kFrameHeader), wanted, image);
        has_frame = true;
      }
    }
  } catch (const Malformed&) {
    // What follows the frame header tells metadata at most.
    if (!has_frame) throw;
  }
  if (!has_frame) throw Malformed("jpeg: no frame header before the scan");
  image.metadata = metadata.finish();
}

}  // namespace imgpeek
