// Fujifilm RAF: a header, a JPEG preview with the metadata, a directory of the sensor's own, the
// samples. Everything is big-endian. The layout is known from what ExifTool documents.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "image/embedded_jpeg.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic = "FUJIFILMCCD-RAW ";

// Positions in the header of an offset and a length each.
constexpr std::uint64_t kJpegPointer = 84;
constexpr std::uint64_t kSensorPointer = 92;
constexpr std::uint64_t kHeaderLength = 100;

// The sensor's directory: a count, then a tag, a length and so many bytes each.
constexpr std::uint64_t kMaxSensorLength = 65536;
constexpr std::uint32_t kMaxSensorEntries = 256;
constexpr std::size_t kCountLength = 4;
constexpr std::size_t kEntryHeader = 4;

// The sizes in it, height before width, best first: of the picture, of the picture before it was
// cropped, of the sensor with its borders.
constexpr std::array<std::uint16_t, 3> kSizeTags = {0x0111, 0x0121, 0x0100};

Range read_pointer(ByteSpan header, std::size_t position) {
  return {be32(header, position), be32(header, position + 4)};
}

void read_sensor_size(ByteSpan directory, Image& image) {
  std::size_t best = kSizeTags.size();
  const std::uint32_t count = std::min(be32(directory, 0), kMaxSensorEntries);
  std::size_t at = kCountLength;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint16_t tag = be16(directory, at);
    const ByteSpan value = slice(directory, at + kEntryHeader, be16(directory, at + 2));
    at += kEntryHeader + value.size();
    const auto rank = static_cast<std::size_t>(std::find(kSizeTags.begin(), kSizeTags.end(), tag) -
                                               kSizeTags.begin());
    if (rank >= best || value.size() < 4 || be32(value, 0) == 0) continue;
    best = rank;
    image.height = be16(value, 0);
    image.width = be16(value, 2);
  }
}

}  // namespace

bool is_raf(Bytes& bytes) { return bytes.matches(0, kMagic); }

void read_raf(Bytes& bytes, const Wanted& wanted, Image& image) {
  image.raw = true;
  const ByteSpan header = bytes.read(0, kHeaderLength);
  const Range jpeg = read_pointer(header, kJpegPointer);
  Range sensor = read_pointer(header, kSensorPointer);
  sensor.length = std::min(sensor.length, kMaxSensorLength);
  bytes.require({embedded_jpeg_head(jpeg), sensor});

  // Without its directory (very early models) the preview is as large as anything known.
  const Image preview = read_embedded_jpeg(bytes, jpeg, wanted);
  image.width = preview.width;
  image.height = preview.height;
  image.metadata = preview.metadata;
  try {
    read_sensor_size(bytes.read_up_to(sensor.offset, sensor.length), image);
  } catch (const Malformed&) {
    // As far as it went.
  }
  if (image.width == 0 || image.height == 0) throw Malformed("raf: no dimensions");
}

}  // namespace imgpeek
