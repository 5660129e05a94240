// DirectDraw Surface (Microsoft, "Programming Guide for DDS"): DDS_HEADER, and DDS_HEADER_DXT10
// where the pixel format says so.
#include <array>

#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic = "DDS ";
constexpr std::size_t kHeaderLength = 128;  // the magic included
constexpr std::size_t kHeight = 12;
constexpr std::size_t kWidth = 16;

// DDS_PIXELFORMAT.
constexpr std::size_t kPixelFlags = 80;
constexpr std::size_t kFourCc = 84;
constexpr std::uint32_t kAlphaPixels = 0x1;
constexpr std::uint32_t kAlphaOnly = 0x2;
constexpr std::uint32_t kHasFourCc = 0x4;
constexpr std::uint32_t kLuminance = 0x20000;

// DDS_HEADER_DXT10.
constexpr std::size_t kDxgiFormat = 128;

struct Pixels {
  unsigned bands = 3;
  std::string_view sample_format = "uchar";
};

// A run of values of DXGI_FORMAT that have the same channels.
struct DxgiFormats {
  std::uint32_t first;
  std::uint32_t last;
  Pixels pixels;
};

constexpr std::array kDxgiFormats = {
    DxgiFormats{1, 2, {4, "float"}},     DxgiFormats{3, 3, {4, "uint"}},
    DxgiFormats{4, 4, {4, "int"}},       DxgiFormats{5, 6, {3, "float"}},
    DxgiFormats{7, 7, {3, "uint"}},      DxgiFormats{8, 8, {3, "int"}},
    DxgiFormats{9, 10, {4, "float"}},  // half floats
    DxgiFormats{11, 12, {4, "ushort"}},  DxgiFormats{13, 14, {4, "short"}},
    DxgiFormats{15, 16, {2, "float"}},   DxgiFormats{23, 25, {4, "ushort"}},
    DxgiFormats{26, 26, {3, "float"}},   DxgiFormats{27, 30, {4, "uchar"}},
    DxgiFormats{31, 32, {4, "char"}},    DxgiFormats{33, 34, {2, "float"}},
    DxgiFormats{35, 36, {2, "ushort"}},  DxgiFormats{41, 41, {1, "float"}},
    DxgiFormats{48, 50, {2, "uchar"}},   DxgiFormats{54, 54, {1, "float"}},
    DxgiFormats{56, 57, {1, "ushort"}},  DxgiFormats{60, 62, {1, "uchar"}},
    DxgiFormats{65, 65, {1, "uchar"}},   DxgiFormats{67, 67, {3, "float"}},
    DxgiFormats{70, 78, {4, "uchar"}},  // BC1 to BC3
    DxgiFormats{79, 81, {1, "uchar"}},  // BC4
    DxgiFormats{82, 84, {2, "uchar"}},  // BC5
    DxgiFormats{85, 85, {3, "uchar"}},   DxgiFormats{86, 87, {4, "uchar"}},
    DxgiFormats{88, 88, {3, "uchar"}},   DxgiFormats{90, 91, {4, "uchar"}},
    DxgiFormats{92, 93, {3, "uchar"}},   DxgiFormats{94, 96, {3, "float"}},  // BC6H
    DxgiFormats{97, 99, {4, "uchar"}},                                       // BC7
    DxgiFormats{115, 115, {4, "uchar"}},
};

Pixels dxgi_pixels(std::uint32_t format) {
  for (const DxgiFormats& row : kDxgiFormats) {
    if (format >= row.first && format <= row.last) return row.pixels;
  }
  return {4, "uchar"};
}

Pixels pixels_of(Bytes& bytes, ByteSpan header) {
  const std::uint32_t flags = le32(header, kPixelFlags);
  if ((flags & kHasFourCc) != 0) {
    const std::string_view code = as_text(header.subspan(kFourCc, 4));
    if (code == "DX10") return dxgi_pixels(bytes.le32(kDxgiFormat));
    if (code == "DXT1") return {(flags & kAlphaPixels) != 0 ? 4U : 3U, "uchar"};
    if (code == "ATI1" || code == "BC4U" || code == "BC4S") return {1, "uchar"};
    if (code == "ATI2" || code == "BC5U" || code == "BC5S") return {2, "uchar"};
    return {4, "uchar"};
  }
  if ((flags & kAlphaOnly) != 0) return {1, "uchar"};
  const unsigned alpha = (flags & kAlphaPixels) != 0 ? 1 : 0;
  return {((flags & kLuminance) != 0 ? 1U : 3U) + alpha, "uchar"};
}

}  // namespace

bool is_dds(Bytes& bytes) { return bytes.matches(0, kMagic); }

void read_dds(Bytes& bytes, const Wanted& wanted, Image& image) {
  const ByteSpan header = bytes.read(0, kHeaderLength);
  image.width = le32(header, kWidth);
  image.height = le32(header, kHeight);
  if (wanted.pixel_format()) {
    const Pixels pixels = pixels_of(bytes, header);
    set_pixel_format(image, pixels.bands, pixels.sample_format);
  }
}

}  // namespace imgpeek
