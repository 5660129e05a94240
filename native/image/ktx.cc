// Khronos textures: KTX 1 (KTX File Format Specification 1.0) and KTX 2 (2.0, with the Khronos Data
// Format Specification's descriptors). A texture of one dimension has height 0: it is one row.
#include <algorithm>
#include <set>

#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic1 = "\xABKTX 11\xBB\r\n\x1A\n";
constexpr std::string_view kMagic2 = "\xABKTX 20\xBB\r\n\x1A\n";

// KTX 1.
constexpr std::size_t kHeaderLength1 = 64;
constexpr std::size_t kEndianness = 12;
constexpr std::uint32_t kLittleEndian = 0x04030201;
constexpr std::size_t kType1 = 16;
constexpr std::size_t kBaseFormat1 = 32;
constexpr std::size_t kWidth1 = 36;
constexpr std::size_t kHeight1 = 40;

// KTX 2.
constexpr std::size_t kHeaderLength2 = 80;
constexpr std::size_t kWidth2 = 20;
constexpr std::size_t kHeight2 = 24;
constexpr std::size_t kDescriptorOffset = 48;
constexpr std::size_t kDescriptorLength = 52;

// OpenGL's names for components and for what a pixel holds.
std::string_view gl_sample_format(std::uint32_t type) {
  switch (type) {
    case 0x1400:
      return "char";
    case 0x1402:
      return "short";
    case 0x1403:
      return "ushort";
    case 0x1404:
      return "int";
    case 0x1405:
      return "uint";
    case 0x1406:  // GL_FLOAT
    case 0x140B:  // GL_HALF_FLOAT
      return "float";
    default:  // GL_UNSIGNED_BYTE, the packed types, and 0 for compressed blocks
      return "uchar";
  }
}

unsigned gl_bands(std::uint32_t base_format) {
  switch (base_format) {
    case 0x1902:  // GL_DEPTH_COMPONENT
    case 0x1903:  // GL_RED
    case 0x1906:  // GL_ALPHA
    case 0x1909:  // GL_LUMINANCE
      return 1;
    case 0x190A:  // GL_LUMINANCE_ALPHA
    case 0x8227:  // GL_RG
      return 2;
    case 0x1907:  // GL_RGB
      return 3;
    default:
      return 4;
  }
}

// Khronos Data Format 1.3, section 5: the basic descriptor block, behind the total length.
constexpr std::size_t kMinDescriptor = 28;
constexpr std::size_t kMaxDescriptor = 4096;
constexpr std::size_t kColorModel = 12;
constexpr std::size_t kSamples = 28;
constexpr std::size_t kSampleLength = 16;
constexpr std::size_t kBitLength = 2;
constexpr std::size_t kChannel = 3;
constexpr std::uint8_t kChannelMask = 0x0F;
constexpr std::uint8_t kSigned = 0x40;
constexpr std::uint8_t kFloat = 0x80;

// Colour models whose samples do not stand for one channel each.
enum ColorModel : std::uint8_t {
  kRgbsda = 1,
  kBc4 = 131,
  kBc5 = 132,
  kBc6h = 133,
  kEtc1 = 160,
  kEtc2 = 161,
  kEtc1s = 163,
  kUastc = 166,
};

unsigned uastc_bands(std::uint8_t channel) {
  switch (channel) {
    case 0:
      return 3;
    case 4:
      return 1;
    case 5:
    case 6:
      return 2;
    default:
      return 4;
  }
}

std::string_view sample_format(std::uint8_t qualifiers, unsigned bits) {
  if ((qualifiers & kFloat) != 0) return "float";
  const bool is_signed = (qualifiers & kSigned) != 0;
  if (bits <= 8) return is_signed ? "char" : "uchar";
  if (bits <= 16) return is_signed ? "short" : "ushort";
  return is_signed ? "int" : "uint";
}

void set_from_descriptor(ByteSpan descriptor, Image& image) {
  if (descriptor.size() < kMinDescriptor + kSampleLength) return;
  std::set<unsigned> channels;
  for (std::size_t at = kSamples; at + kSampleLength <= descriptor.size(); at += kSampleLength) {
    channels.insert(descriptor[at + kChannel] & kChannelMask);
  }
  const auto samples = static_cast<unsigned>(channels.size());
  const std::uint8_t first = descriptor[kSamples + kChannel];
  switch (descriptor[kColorModel]) {
    case kRgbsda:
      return set_pixel_format(image, samples,
                              sample_format(first, descriptor[kSamples + kBitLength] + 1U));
    case kBc4:
      return set_pixel_format(image, 1, "uchar");
    case kBc5:
      return set_pixel_format(image, 2, "uchar");
    case kBc6h:
      return set_pixel_format(image, 3, "float");
    case kEtc1:
      return set_pixel_format(image, 3, "uchar");
    case kEtc2:
      // Red; red and green; colour; colour and alpha.
      if ((first & kChannelMask) <= 1) return set_pixel_format(image, samples, "uchar");
      return set_pixel_format(image, samples + 2, "uchar");
    case kEtc1s:
      // Channel 0 is RGB, 3 and 4 are red and green alone.
      if ((first & kChannelMask) == 0) return set_pixel_format(image, samples + 2, "uchar");
      return set_pixel_format(image, samples, "uchar");
    case kUastc:
      return set_pixel_format(image, uastc_bands(first & kChannelMask), "uchar");
    default:
      return set_pixel_format(image, 4, "uchar");
  }
}

void read_ktx1(Bytes& bytes, const Wanted& wanted, Image& image) {
  const ByteSpan header = bytes.read(0, kHeaderLength1);
  const bool little = le32(header, kEndianness) == kLittleEndian;
  const auto field = [&](std::size_t offset) {
    return little ? le32(header, offset) : be32(header, offset);
  };
  image.width = field(kWidth1);
  image.height = std::max(1U, field(kHeight1));
  if (wanted.pixel_format()) {
    set_pixel_format(image, gl_bands(field(kBaseFormat1)), gl_sample_format(field(kType1)));
  }
}

void read_ktx2(Bytes& bytes, const Wanted& wanted, Image& image) {
  const ByteSpan header = bytes.read(0, kHeaderLength2);
  image.format = "ktx2";
  image.mime_type = "image/ktx2";
  image.width = le32(header, kWidth2);
  image.height = std::max(1U, le32(header, kHeight2));
  if (wanted.pixel_format()) {
    const std::size_t length =
        std::min<std::size_t>(le32(header, kDescriptorLength), kMaxDescriptor);
    set_from_descriptor(bytes.read_up_to(le32(header, kDescriptorOffset), length), image);
  }
}

}  // namespace

bool is_ktx(Bytes& bytes) { return bytes.matches(0, kMagic1) || bytes.matches(0, kMagic2); }

void read_ktx(Bytes& bytes, const Wanted& wanted, Image& image) {
  if (bytes.matches(0, kMagic2)) {
    read_ktx2(bytes, wanted, image);
  } else {
    read_ktx1(bytes, wanted, image);
  }
}

}  // namespace imgpeek
