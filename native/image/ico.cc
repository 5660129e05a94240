// Windows icons and cursors ("Icons in Win32"), of bitmaps and of PNGs.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// ICONDIR: a zero, the type, the number of images.
constexpr std::uint16_t kIcon = 1;
constexpr std::uint16_t kCursor = 2;
constexpr std::uint64_t kDirectory = 6;

// ICONDIRENTRY: a byte each of width and height (0 is 256), of colours and of nothing; two fields
// that differ by type; the length and the offset of the image.
constexpr std::uint64_t kEntry = 16;
constexpr std::uint64_t kLength = 8;
constexpr std::uint64_t kOffset = 12;
constexpr std::uint64_t kLargest = 256;

// As many as ImageMagick reads. There is no magic but zeros and ones, so that a directory must make
// sense to be one.
constexpr unsigned kMaxImages = 1024;
constexpr std::uint32_t kShortestImage = 16;

// PNG, 11.2.1: behind the signature and IHDR's own header, width and height, the bit depth and the
// colour type.
constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1A\n"sv;
constexpr std::uint64_t kPngHeader = 26;
constexpr std::size_t kPngDimensions = 16;
constexpr std::size_t kPngDepth = 24;
constexpr std::size_t kPngColourType = 25;

// BITMAPINFOHEADER, whose height counts the mask, too.
constexpr std::uint32_t kBitmapHeader = 40;

void read_png_pixels(ByteSpan header, Image& image) {
  constexpr std::uint8_t kWideDepth = 16;
  constexpr std::uint8_t kColourBit = 2;
  constexpr std::uint8_t kAlphaBit = 4;
  const std::uint8_t type = header[kPngColourType];
  const unsigned colours = (type & kColourBit) == 0 ? 1 : 3;
  const unsigned alpha = (type & kAlphaBit) != 0 ? 1 : 0;
  set_pixel_format(image, colours + alpha, header[kPngDepth] == kWideDepth ? "ushort" : "uchar");
}

}  // namespace

bool is_ico(Bytes& bytes) {
  const ByteSpan start = bytes.read_up_to(0, kDirectory + kEntry);
  if (start.size() < kDirectory + kEntry || le16(start, 0) != 0) return false;
  const std::uint16_t type = le16(start, 2);
  const std::uint64_t count = le16(start, 4);
  if ((type != kIcon && type != kCursor) || count == 0 || count > kMaxImages) return false;
  const std::uint32_t length = le32(start, kDirectory + kLength);
  const std::uint64_t offset = le32(start, kDirectory + kOffset);
  return length >= kShortestImage && offset >= kDirectory + count * kEntry &&
         offset < bytes.size().value_or(UINT64_MAX);
}

void read_ico(Bytes& bytes, const Wanted& wanted, Image& image) {
  if (bytes.le16(2) == kCursor) image.format = "cur";
  image.pages = bytes.le16(4);
  const auto dimension = [&bytes](std::uint64_t offset) -> std::uint64_t {
    const std::uint8_t value = bytes.u8(offset);
    return value == 0 ? kLargest : value;
  };
  image.width = dimension(kDirectory);
  image.height = dimension(kDirectory + 1);
  if (wanted.pixel_format()) {
    image.colorspace = "srgb";
    image.sample_format = "uchar";
    image.bands = 4;  // a bitmap has a mask at least
  }

  // The directory has no room for what is larger than 256, and is not always right.
  const std::uint64_t offset = bytes.le32(kDirectory + kOffset);
  const ByteSpan header = bytes.read_up_to(offset, kPngHeader);
  if (header.size() < kPngHeader) return;
  if (as_text(header).starts_with(kPngSignature)) {
    const std::uint32_t width = be32(header, kPngDimensions);
    const std::uint32_t height = be32(header, kPngDimensions + 4);
    if (width == 0 || height == 0) return;
    image.width = width;
    image.height = height;
    if (wanted.pixel_format()) read_png_pixels(header, image);
  } else if (le32(header, 0) == kBitmapHeader) {
    const std::uint32_t width = le32(header, 4);
    const std::uint32_t height = le32(header, 8) / 2;
    if (width != 0) image.width = std::min<std::uint64_t>(image.width, width);
    if (height != 0) image.height = std::min<std::uint64_t>(image.height, height);
  }
}

}  // namespace imgpeek
