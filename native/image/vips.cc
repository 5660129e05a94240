// libvips' own format (.v): a header of 64 bytes in the byte order of the machine that wrote it.
// Facts: the libvips documentation's "VIPS file format" and the enumerations of its public headers.
#include <array>
#include <utility>

#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kLittleEndianMagic = "\xB6\xA6\xF2\x08";
constexpr std::string_view kBigEndianMagic = "\x08\xF2\xA6\xB6";
constexpr std::size_t kHeaderLength = 64;
constexpr std::size_t kWidth = 4;
constexpr std::size_t kHeight = 8;
constexpr std::size_t kBands = 12;
constexpr std::size_t kBandFormat = 20;
constexpr std::size_t kInterpretation = 28;

// VipsBandFormat, by value.
constexpr std::array<std::string_view, 10> kBandFormats = {
    "uchar", "char", "ushort", "short", "uint", "int", "float", "complex", "double", "dpcomplex"};

// VipsInterpretation.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 18> kInterpretations = {{
    {0, "multiband"},
    {1, "b-w"},
    {10, "histogram"},
    {12, "xyz"},
    {13, "lab"},
    {15, "cmyk"},
    {16, "labq"},
    {17, "rgb"},
    {18, "cmc"},
    {19, "lch"},
    {21, "labs"},
    {22, "srgb"},
    {23, "yxy"},
    {24, "fourier"},
    {25, "rgb16"},
    {26, "grey16"},
    {28, "scrgb"},
    {29, "hsv"},
}};

}  // namespace

bool is_vips(Bytes& bytes) {
  return bytes.matches(0, kLittleEndianMagic) || bytes.matches(0, kBigEndianMagic);
}

void read_vips(Bytes& bytes, const Wanted& wanted, Image& image) {
  const ByteSpan header = bytes.read(0, kHeaderLength);
  const bool little = as_text(header).starts_with(kLittleEndianMagic);
  const auto field = [&](std::size_t offset) {
    return little ? le32(header, offset) : be32(header, offset);
  };
  // The fields are signed.
  if (field(kWidth) > INT32_MAX || field(kHeight) > INT32_MAX) {
    throw Malformed("vips: negative dimensions");
  }
  image.width = field(kWidth);
  image.height = field(kHeight);
  if (!wanted.pixel_format()) return;
  image.bands = field(kBands);
  if (field(kBandFormat) < kBandFormats.size()) {
    image.sample_format = kBandFormats[field(kBandFormat)];
  }
  for (const auto& [value, nick] : kInterpretations) {
    if (value == field(kInterpretation)) image.colorspace = nick;
  }
}

}  // namespace imgpeek
