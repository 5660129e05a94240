// WebP (RFC 9649; the VP8 key frame is in RFC 6386).
#include <algorithm>
#include <optional>
#include <string_view>

#include "image/metadata_block.h"
#include "image/readers.h"
#include "image/webp/webp_chunks.h"

namespace imgpeek {
namespace {

constexpr FourCc kVp8 = fourcc("VP8 ");
constexpr FourCc kVp8l = fourcc("VP8L");
constexpr FourCc kVp8x = fourcc("VP8X");
constexpr FourCc kAlph = fourcc("ALPH");
constexpr FourCc kAnmf = fourcc("ANMF");
constexpr FourCc kExif = fourcc("EXIF");
constexpr FourCc kXmp = fourcc("XMP ");

// RFC 9649, 2.7.1
constexpr std::uint8_t kAnimationFlag = 0x02;
constexpr std::uint8_t kXmpFlag = 0x04;
constexpr std::uint8_t kExifFlag = 0x08;
constexpr std::uint8_t kAlphaFlag = 0x10;
constexpr std::uint64_t kVp8xLength = 10;

// Of a frame of an animation: all that tells whether it is opaque.
constexpr std::uint64_t kFrameStart = 40;

// Metadata behind the pixels is fetched at once up to this length.
constexpr std::uint64_t kMaxBlocks = std::uint64_t{64} * 1024;

std::uint32_t le24(ByteSpan data, std::size_t offset) {
  return le16(data, offset) | static_cast<std::uint32_t>(slice(data, offset + 2, 1)[0]) << 16U;
}

struct Bitstream {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool has_alpha = false;
};

// RFC 6386, 9.1: a frame tag of 3 bytes, a start code, 14 bits each of width and height.
Bitstream read_vp8(ByteSpan data) {
  constexpr std::string_view kStartCode = "\x9D\x01\x2A";
  constexpr std::uint16_t kDimensionBits = 0x3FFF;
  if (as_text(slice(data, 3, kStartCode.size())) != kStartCode) {
    throw Malformed("webp: VP8 without a key frame");
  }
  return {.width = static_cast<std::uint32_t>(le16(data, 6) & kDimensionBits),
          .height = static_cast<std::uint32_t>(le16(data, 8) & kDimensionBits)};
}

// RFC 9649, 3.4: a signature, 14 bits each of width and height less one, a bit for alpha.
Bitstream read_vp8l(ByteSpan data) {
  constexpr std::uint8_t kSignature = 0x2F;
  constexpr unsigned kDimensionBits = 14;
  constexpr std::uint32_t kDimensionMask = (1U << kDimensionBits) - 1;
  if (slice(data, 0, 1)[0] != kSignature) throw Malformed("webp: VP8L without its signature");
  const std::uint32_t bits = le32(data, 1);
  return {.width = (bits & kDimensionMask) + 1,
          .height = (bits >> kDimensionBits & kDimensionMask) + 1,
          .has_alpha = (bits >> (2 * kDimensionBits) & 1U) != 0};
}

bool is_bitstream(FourCc type) { return type == kVp8 || type == kVp8l; }

Bitstream read_bitstream(Bytes& bytes, const WebpChunk& chunk) {
  constexpr std::uint64_t kStart = 10;
  const ByteSpan start = bytes.read_up_to(chunk.data(), std::min(chunk.length, kStart));
  return chunk.type == kVp8 ? read_vp8(start) : read_vp8l(start);
}

// RFC 9649, 2.7.1.1: a frame of an animation is its place (3 bytes each of x and y, halved), its
// size less one, a duration and flags, then chunks of its own.
bool covers_canvas_opaquely(Bytes& bytes, const WebpChunk& frame, const Image& image) {
  constexpr std::uint64_t kFrameHeader = 16;
  const ByteSpan header = bytes.read_up_to(frame.data(), kFrameHeader + WebpChunk::kHeaderLength);
  if (header.size() < kFrameHeader + WebpChunk::kHeaderLength) return true;
  if (le24(header, 6) + 1U != image.width || le24(header, 9) + 1U != image.height) return false;
  const WebpChunk first{.type = be32(header, kFrameHeader),
                        .offset = frame.data() + kFrameHeader,
                        .length = le32(header, kFrameHeader + 4)};
  if (first.type == kAlph) return false;
  return first.type != kVp8l || !read_bitstream(bytes, first).has_alpha;
}

// Reads what stands around the pixels, as far as `flags` (of VP8X) promise it.
class ChunkReader {
 public:
  ChunkReader(Bytes& bytes, const Wanted& wanted, std::uint8_t flags, Image& image)
      : bytes_(bytes), wanted_(wanted), flags_(flags), image_(image) {}

  // `has_pixels`: the chunk with them is past.
  void read_still(WebpChunks& chunks, bool has_pixels) {
    while (wants_more()) {
      // What is left behind the pixels is metadata: one round for all of it.
      if (has_pixels && wanted_.metadata() && chunks.end() - chunks.offset() <= kMaxBlocks) {
        chunks.reach_all();
      }
      const std::optional<WebpChunk> chunk = chunks.next();
      if (!chunk) return;
      take_metadata(*chunk, chunks);
      has_pixels = has_pixels || is_bitstream(chunk->type);
    }
  }

  // libvips gives an alpha channel, too, where a frame has one or does not fill the canvas.
  void read_animation(WebpChunks& chunks, bool& has_alpha) {
    const bool wants_alpha = wanted_.pixel_format() && !has_alpha;
    if (!wanted_.pages_number && !wants_alpha) return read_tail(chunks);
    // No count is stored, and a round for each frame costs more than the frames.
    if (wanted_.pages_number) chunks.reach_all();
    std::uint64_t frames = 0;
    while (wanted_.pages_number || !has_alpha || wants_more()) {
      const std::optional<WebpChunk> chunk = chunks.next();
      if (!chunk) break;
      take_metadata(*chunk, chunks);
      if (chunk->type != kAnmf) continue;
      ++frames;
      if (!has_alpha && wants_alpha) {
        chunks.reach({chunk->data(), kFrameStart});
        has_alpha = !covers_canvas_opaquely(bytes_, *chunk, image_);
      }
    }
    if (wanted_.pages_number) image_.pages = std::max<std::uint64_t>(frames, 1);
  }

 private:
  void read_tail(WebpChunks& chunks) {
    if (!wants_more()) return;
    WebpChunks tail = chunks.tail();
    bool has_frame = false;
    while (wants_more()) {
      const std::optional<WebpChunk> chunk = tail.next();
      if (!chunk) break;
      take_metadata(*chunk, tail);
      has_frame = has_frame || chunk->type == kAnmf;
    }
    // What stands behind a frame was seen whole; else metadata may begin before the tail.
    if (!has_frame) read_still(chunks, false);
  }

  bool wants_exif_chunk() const {
    return (flags_ & kExifFlag) != 0 && wants_exif(wanted_) && image_.metadata.exif.empty();
  }
  bool wants_xmp_chunk() const {
    return (flags_ & kXmpFlag) != 0 && wanted_.xmp && image_.metadata.xmp.empty();
  }
  bool wants_more() const { return wants_exif_chunk() || wants_xmp_chunk(); }

  void take_metadata(const WebpChunk& chunk, WebpChunks& chunks) {
    if (chunk.length > kMaxMetadataBlock) return;
    if (chunk.type == kExif && wants_exif_chunk()) {
      chunks.reach(exif_range(wanted_, chunk.payload()));
      image_.metadata.exif = read_exif_block(bytes_, wanted_, chunk.payload());
    } else if (chunk.type == kXmp && wants_xmp_chunk()) {
      chunks.reach(chunk.payload());
      image_.metadata.xmp.push_back(bytes_.read_up_to(chunk.data(), chunk.length));
    }
  }

  Bytes& bytes_;
  const Wanted& wanted_;
  std::uint8_t flags_;
  Image& image_;
};

}  // namespace

bool is_webp(Bytes& bytes) { return bytes.matches(0, "RIFF") && bytes.matches(8, "WEBP"); }

void read_webp(Bytes& bytes, const Wanted& wanted, Image& image) {
  WebpChunks chunks(bytes);
  const std::optional<WebpChunk> first = chunks.next();
  if (!first) throw Malformed("webp: no chunks");
  chunks.reach({first->data(), kVp8xLength});
  bool has_alpha = false;
  if (first->type == kVp8x) {
    const ByteSpan vp8x = bytes.read(first->data(), kVp8xLength);
    image.width = le24(vp8x, 4) + 1U;
    image.height = le24(vp8x, 7) + 1U;
    has_alpha = (vp8x[0] & kAlphaFlag) != 0;
    ChunkReader reader(bytes, wanted, vp8x[0], image);
    if ((vp8x[0] & kAnimationFlag) != 0) {
      reader.read_animation(chunks, has_alpha);
    } else {
      reader.read_still(chunks, false);
    }
  } else if (is_bitstream(first->type)) {
    const Bitstream bitstream = read_bitstream(bytes, *first);
    image.width = bitstream.width;
    image.height = bitstream.height;
    has_alpha = bitstream.has_alpha;
    // Metadata behind the simple format is against the rules, but told by the file's length.
    ChunkReader(bytes, wanted, kExifFlag | kXmpFlag, image).read_still(chunks, true);
  } else {
    throw Malformed("webp: starts with an unknown chunk");
  }
  if (!wanted.pixel_format()) return;
  image.colorspace = "srgb";
  image.sample_format = "uchar";
  image.bands = has_alpha ? 4 : 3;
}

}  // namespace imgpeek
