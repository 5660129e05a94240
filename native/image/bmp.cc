// Windows and OS/2 bitmaps (Windows GDI, "Bitmap Storage"; OS/2 Presentation Manager, "Bitmaps").
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "image/readers.h"

namespace imgpeek {
namespace {

// BITMAPFILEHEADER: "BM", the length of the file, 4 bytes, the offset of the pixels. The bitmap's
// own header follows, and begins with its length.
constexpr std::uint64_t kFileHeader = 14;
constexpr std::uint64_t kPixelOffset = 10;

// An OS/2 bitmap array: a header of the same length before the first bitmap's.
constexpr std::uint64_t kArrayHeader = 14;

// BITMAPCOREHEADER has 16-bit dimensions; OS/2's longer header may be cut off after its bit count;
// BITMAPINFOHEADER is the one that tells no alpha; the last of a known length is BITMAPV5HEADER.
constexpr std::uint32_t kCoreHeader = 12;
constexpr std::uint32_t kShortestInfoHeader = 16;
constexpr std::uint32_t kInfoHeader = 40;
constexpr std::uint32_t kFirstHeaderWithAlpha = 56;
constexpr std::uint32_t kLongestHeader = 124;

// Offsets in BITMAPINFOHEADER; the masks are behind it, or in the longer headers.
constexpr std::uint64_t kBitCount = 14;
constexpr std::uint64_t kCompression = 16;
constexpr std::uint64_t kMasks = 40;
constexpr std::uint64_t kAlphaMask = 52;

constexpr std::uint32_t kRgb = 0;
constexpr std::uint32_t kBitFields = 3;
constexpr unsigned kBitsOfAlphaPixel = 32;
constexpr int kByteBits = 8;

// Where BITMAPINFOHEADER's fourth byte of a pixel is looked at for alpha: so many bytes at the
// beginning of the pixels and in their middle.
constexpr std::uint64_t kSample = 4096;

std::uint64_t header_offset(Bytes& bytes) {
  return bytes.matches(0, "BA") ? kArrayHeader + kFileHeader : kFileHeader;
}

// 32-bit pixels of a header without an alpha mask have alpha if any of it is not 0: nothing but the
// pixels tells. A sample stands for all of them.
bool is_alpha_in_sample(Bytes& bytes, std::uint64_t pixels, const Image& image) {
  const std::uint64_t middle = image.width * (image.height / 2) * 4;
  bytes.require({{pixels, kSample}, {pixels + middle, kSample}});
  for (const std::uint64_t start : {pixels, pixels + middle}) {
    const std::uint64_t left = image.width * image.height * 4 - (start - pixels);
    const ByteSpan sample = bytes.read_up_to(start, std::min(kSample, left));
    for (std::size_t i = 3; i < sample.size(); i += 4) {
      if (sample[i] != 0) return true;
    }
  }
  return false;
}

// As ImageMagick gives it, by which libvips loads bitmaps: palettes are expanded, and a channel of
// odd width takes 16 bits.
void read_pixels_of(Bytes& bytes, std::uint64_t header, std::uint32_t length, Image& image) {
  image.colorspace = "srgb";
  image.sample_format = "uchar";
  image.bands = 3;
  if (length < kInfoHeader) return;
  const unsigned bits = bytes.le16(header + kBitCount);
  const std::uint32_t compression = bytes.le32(header + kCompression);
  if (compression == kBitFields) {
    const bool has_alpha_mask = length >= kFirstHeaderWithAlpha;
    const std::array<std::uint32_t, 4> masks = {
        bytes.le32(header + kMasks), bytes.le32(header + kMasks + 4),
        bytes.le32(header + kMasks + 8), has_alpha_mask ? bytes.le32(header + kAlphaMask) : 0};
    if (masks[3] != 0) image.bands = 4;
    const bool is_wide = std::ranges::any_of(masks, [bits](std::uint32_t mask) {
      const int width = std::popcount(mask);
      return bits == kBitsOfAlphaPixel ? width != 0 && width != kByteBits : width > kByteBits;
    });
    if (is_wide) {
      image.colorspace = "rgb16";
      image.sample_format = "ushort";
    }
  } else if (compression == kRgb && length == kInfoHeader && bits == kBitsOfAlphaPixel) {
    const std::uint64_t start = header - kFileHeader;
    const std::uint64_t pixels = start + bytes.le32(start + kPixelOffset);
    if (is_alpha_in_sample(bytes, pixels, image)) image.bands = 4;
  }
}

}  // namespace

bool is_bmp(Bytes& bytes) {
  const bool is_array = bytes.matches(0, "BA") && bytes.matches(kArrayHeader, "BM");
  if (!is_array && !bytes.matches(0, "BM")) return false;
  const ByteSpan length = bytes.read_up_to(header_offset(bytes), 4);
  if (length.size() < 4) return false;
  const std::uint32_t value = le32(length, 0);
  return value == kCoreHeader || (value >= kShortestInfoHeader && value <= kLongestHeader);
}

void read_bmp(Bytes& bytes, const Wanted& wanted, Image& image) {
  const std::uint64_t header = header_offset(bytes);
  const std::uint32_t length = bytes.le32(header);
  if (length == kCoreHeader) {
    image.width = bytes.le16(header + 4);
    image.height = bytes.le16(header + 6);
  } else {
    const std::uint32_t width = bytes.le32(header + 4);
    const std::uint32_t height = bytes.le32(header + 8);
    constexpr std::uint32_t kSign = 0x80000000;
    if ((width & kSign) != 0) throw Malformed("bmp: a negative width");
    image.width = width;
    // A negative height means rows from the top down.
    image.height = (height & kSign) != 0 ? 0U - height : height;
  }
  if (image.width == 0 || image.height == 0) throw Malformed("bmp: no dimensions");
  if (wanted.pixel_format()) read_pixels_of(bytes, header, length, image);
}

}  // namespace imgpeek
