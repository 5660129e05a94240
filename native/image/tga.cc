// Truevision TGA ("Truevision TGA File Format Specification", version 2.0). There is no magic at
// the start, so every field of the header must make sense, and agree with the others and with the
// size of the file, before it is called one.
#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::size_t kHeaderLength = 18;
// The footer of version 2, at the very end of the file.
constexpr std::string_view kSignature{"TRUEVISION-XFILE.\0", 18};
// What a file may hold behind its pixels where no signature explains it.
constexpr std::uint64_t kMaxTrailer = 4096;
constexpr std::uint64_t kMaxRunLength = 128;

// Field 3, and its bit for run-length encoding.
enum ImageType : std::uint8_t { kMapped = 1, kTrueColor = 2, kGrey = 3 };
constexpr std::uint8_t kRunLengthEncoded = 8;

struct Header {
  unsigned id_length = 0;
  unsigned map_type = 0;
  unsigned type = 0;  // without kRunLengthEncoded
  bool run_length_encoded = false;
  unsigned map_first = 0;
  unsigned map_length = 0;
  unsigned map_depth = 0;
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  unsigned depth = 0;
  unsigned alpha_bits = 0;
  unsigned reserved_bits = 0;
};

Header parse(ByteSpan data) {
  Header header;
  header.id_length = data[0];
  header.map_type = data[1];
  header.type = data[2] & static_cast<std::uint8_t>(~kRunLengthEncoded);
  header.run_length_encoded = (data[2] & kRunLengthEncoded) != 0;
  header.map_first = le16(data, 3);
  header.map_length = le16(data, 5);
  header.map_depth = data[7];
  header.width = le16(data, 12);
  header.height = le16(data, 14);
  header.depth = data[16];
  header.alpha_bits = data[17] & 0x0F;
  header.reserved_bits = data[17] & 0xC0;
  return header;
}

bool is_color_depth(unsigned bits) { return bits == 15 || bits == 16 || bits == 24 || bits == 32; }

bool alpha_fits(unsigned depth, unsigned alpha_bits) {
  if (depth == 16) return alpha_bits <= 1;
  // Some writers give the bits of a colour here, or half of what there is.
  if (depth == 32) return alpha_bits <= 8;
  return alpha_bits == 0;
}

// True where the fields agree with each other.
bool is_plausible(const Header& header) {
  if (header.width == 0 || header.height == 0 || header.reserved_bits != 0) return false;
  if (header.type == kMapped) {
    return header.map_type == 1 && header.depth == 8 && header.alpha_bits % 8 == 0 &&
           is_color_depth(header.map_depth) && header.map_length > 0 &&
           header.map_first + header.map_length <= 256;
  }
  if (header.map_type != 0 || header.map_first != 0 || header.map_length != 0) return false;
  if (header.map_depth != 0 && !is_color_depth(header.map_depth)) return false;
  if (header.type == kGrey) {
    return (header.depth == 8 && header.alpha_bits == 0) ||
           (header.depth == 16 && header.alpha_bits == 8);
  }
  return header.type == kTrueColor && is_color_depth(header.depth) &&
         alpha_fits(header.depth, header.alpha_bits);
}

// True where a file of `size` bytes can hold the pixels.
bool fits(const Header& header, std::uint64_t size, bool has_signature) {
  const std::uint64_t bytes_per_pixel = (header.depth + 7) / 8;
  const std::uint64_t before = kHeaderLength + header.id_length +
                               std::uint64_t{header.map_length} * ((header.map_depth + 7) / 8);
  const std::uint64_t pixels = header.width * header.height;
  std::uint64_t least = before + pixels * bytes_per_pixel;
  std::uint64_t most = least;
  if (header.run_length_encoded) {
    // A packet is a byte and a pixel, or a byte and its pixels; packets may run on over rows.
    least = before + (pixels + kMaxRunLength - 1) / kMaxRunLength * (1 + bytes_per_pixel);
    most = before + pixels * (1 + bytes_per_pixel);
  }
  return size >= least && (has_signature || size <= most + kMaxTrailer);
}

unsigned bands_of(const Header& header) {
  if (header.type == kGrey) return header.depth == 16 ? 2 : 1;
  const unsigned depth = header.type == kMapped ? header.map_depth : header.depth;
  return depth == 32 || (depth == 16 && header.alpha_bits == 1) ? 4 : 3;
}

}  // namespace

bool is_tga(Bytes& bytes) {
  const ByteSpan data = bytes.read_up_to(0, kHeaderLength);
  if (data.size() < kHeaderLength) return false;
  const Header header = parse(data);
  if (!is_plausible(header)) return false;
  // Without a size nothing can be checked against it, and to ask for it would read the whole file.
  if (!bytes.size()) return true;
  const std::uint64_t size = *bytes.size();
  if (fits(header, size, false)) return true;
  return size >= kHeaderLength + kSignature.size() && fits(header, size, true) &&
         bytes.matches(size - kSignature.size(), kSignature);
}

void read_tga(Bytes& bytes, const Wanted& wanted, Image& image) {
  const Header header = parse(bytes.read(0, kHeaderLength));
  image.width = header.width;
  image.height = header.height;
  if (wanted.pixel_format()) set_pixel_format(image, bands_of(header), "uchar");
}

}  // namespace imgpeek
