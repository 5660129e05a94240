// PNG, APNG and Apple's CgBI variant (W3C PNG, third edition).
#include <optional>
#include <string_view>

#include "image/pixel_format.h"
#include "image/png/png_chunks.h"
#include "image/png/png_metadata.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "\x89PNG\r\n\x1A\n"sv;

constexpr FourCc kIhdr = fourcc("IHDR");
constexpr FourCc kIdat = fourcc("IDAT");
constexpr FourCc kTrns = fourcc("tRNS");
constexpr FourCc kActl = fourcc("acTL");
// Apple's, before IHDR: the pixels are in another order.
constexpr FourCc kCgbi = fourcc("CgBI");

// 11.2.1: width and height (4 bytes each, no more than 2^31 - 1), bit depth, colour type.
constexpr std::uint64_t kIhdrLength = 13;
constexpr std::uint32_t kMaxDimension = 0x7FFFFFFF;

enum class ColourType : std::uint8_t {
  kGreyscale = 0,
  kTruecolour = 2,
  kIndexed = 3,
  kGreyscaleAlpha = 4,
  kTruecolourAlpha = 6,
};

struct Ihdr {
  std::uint8_t bit_depth = 0;
  ColourType colour_type = ColourType::kGreyscale;

  // 11.3.2.1: transparency is in a chunk of its own where the colour type has no alpha.
  bool may_have_trns() const {
    return colour_type != ColourType::kGreyscaleAlpha &&
           colour_type != ColourType::kTruecolourAlpha;
  }
};

Ihdr read_ihdr(Bytes& bytes, PngChunks& chunks, Image& image) {
  std::optional<PngChunk> chunk = chunks.next();
  if (chunk && chunk->type == kCgbi) chunk = chunks.next();
  if (!chunk || chunk->type != kIhdr || chunk->length < kIhdrLength) {
    throw Malformed("png: does not start with IHDR");
  }
  chunks.reach({chunk->data(), kIhdrLength});
  const ByteSpan ihdr = bytes.read(chunk->data(), kIhdrLength);
  image.width = be32(ihdr, 0);
  image.height = be32(ihdr, 4);
  if (image.width == 0 || image.height == 0 || image.width > kMaxDimension ||
      image.height > kMaxDimension) {
    throw Malformed("png: no valid dimensions");
  }
  return {.bit_depth = ihdr[8], .colour_type = static_cast<ColourType>(ihdr[9])};
}

// As libvips has it: palettes and transparency are expanded, and so are less than 8 bits.
void set_pixel_format(const Ihdr& ihdr, bool has_trns, Image& image) {
  unsigned bands = 0;
  switch (ihdr.colour_type) {
    case ColourType::kGreyscale:
      bands = has_trns ? 2 : 1;
      break;
    case ColourType::kGreyscaleAlpha:
      bands = 2;
      break;
    case ColourType::kTruecolour:
    case ColourType::kIndexed:
      bands = has_trns ? 4 : 3;
      break;
    case ColourType::kTruecolourAlpha:
      bands = 4;
      break;
    default:
      return;  // of no kind that is known
  }
  constexpr std::uint8_t kWideDepth = 16;
  imgpeek::set_pixel_format(image, bands, ihdr.bit_depth == kWideDepth ? "ushort" : "uchar");
}

}  // namespace

bool is_png(Bytes& bytes) { return bytes.matches(0, kSignature); }

void read_png(Bytes& bytes, const Wanted& wanted, Image& image) {
  PngChunks chunks(bytes);
  PngMetadata metadata(bytes, wanted, chunks);
  const Ihdr ihdr = read_ihdr(bytes, chunks, image);

  const bool wants_trns = wanted.pixel_format() && ihdr.may_have_trns();
  bool has_trns = false;
  bool is_animated = false;
  std::optional<PngChunk> pixels;
  while (wanted.pages_number || wants_trns || metadata.wants_more(false)) {
    const std::optional<PngChunk> chunk = chunks.next();
    if (!chunk) break;
    if (chunk->type == kIdat) {
      pixels = chunk;
      break;
    }
    if (chunk->type == kActl && chunk->length >= 8) {
      is_animated = true;
      if (!wanted.pages_number) continue;
      // APNG: the number of frames, which is not 0.
      chunks.reach({chunk->data(), 4});
      const ByteSpan frames = bytes.read_up_to(chunk->data(), 4);
      if (frames.size() == 4 && be32(frames, 0) != 0) image.pages = be32(frames, 0);
    } else if (chunk->type == kTrns) {
      has_trns = true;
    } else {
      metadata.take(*chunk);
    }
  }
  if (pixels && metadata.wants_more(true) && chunks.skip_pixels(*pixels, is_animated)) {
    while (metadata.wants_more(true)) {
      const std::optional<PngChunk> chunk = chunks.next();
      if (!chunk) break;
      metadata.take(*chunk);
    }
  }
  if (wanted.pixel_format()) set_pixel_format(ihdr, has_trns, image);
  image.metadata = metadata.finish();
}

}  // namespace imgpeek
