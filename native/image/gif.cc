// GIF 87a and 89a (CompuServe, GIF89a Specification).
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "image/hops.h"
#include "image/metadata_block.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// Sections 17 to 27: the header and the logical screen descriptor, then blocks.
constexpr std::uint64_t kScreenOffset = 6;
constexpr std::uint64_t kScreenFlags = 10;
constexpr std::uint64_t kScreenEnd = 13;
constexpr std::uint8_t kImageSeparator = 0x2C;
constexpr std::uint64_t kImageDescriptor = 10;
constexpr std::uint64_t kImageFlags = 9;
constexpr std::uint8_t kExtension = 0x21;
constexpr std::uint8_t kTrailer = 0x3B;
constexpr std::uint8_t kGraphicControl = 0xF9;
constexpr std::uint8_t kApplication = 0xFF;
constexpr std::uint8_t kTransparentFlag = 0x01;

// Appendix F: codes have 12 bits at most.
constexpr std::uint8_t kMaxCodeSize = 12;

// XMP Specification Part 3, 1.1.2: the packet stands as it is, no sub-blocks, and a trailer of 258
// bytes leads whoever reads it as sub-blocks to its end.
constexpr std::string_view kXmpApplication = "\x0BXMP DataXMP"sv;
constexpr std::uint64_t kXmpTrailer = 258;

// Decoders let the first image enlarge the screen. It is looked for this far only, where extensions
// of ordinary length end, so that dimensions alone stay cheap.
constexpr std::uint64_t kScreenReach = std::uint64_t{4} * 1024;

// Writers put XMP before the first image. Further on it is looked for up to here only, which a
// first range of ordinary length holds: pixels are not fetched for what is all but never behind
// them.
constexpr std::uint64_t kXmpReach = std::uint64_t{16} * 1024;

// The length of a colour table, if the flags say that there is one.
std::uint64_t colour_table(std::uint8_t flags) {
  constexpr std::uint8_t kHasTable = 0x80;
  constexpr std::uint8_t kSizeBits = 0x07;
  return (flags & kHasTable) != 0 ? 3ULL * (2ULL << (flags & kSizeBits)) : 0;
}

// Steps over the blocks as far as something wanted may come. Frames are counted as libvips does.
class GifReader {
 public:
  GifReader(Bytes& bytes, const Wanted& wanted, Image& image)
      : bytes_(bytes), wanted_(wanted), image_(image), hops_(bytes) {}

  void read() {
    const ByteSpan header = bytes_.read(0, kScreenEnd);
    image_.width = le16(header, kScreenOffset);
    image_.height = le16(header, kScreenOffset + 2);
    has_screen_ = image_.width != 0 && image_.height != 0;
    offset_ = kScreenEnd + colour_table(header[kScreenFlags]);
    try {
      while (wants_block() && read_block()) continue;
    } catch (const Malformed&) {
      // The file ends early: what is known stands.
    }
    if (wanted_.pages_number) image_.pages = std::max<std::uint64_t>(frames_, 1);
    if (!wanted_.pixel_format()) return;
    image_.colorspace = "srgb";
    image_.sample_format = "uchar";
    image_.bands = has_alpha_ ? 4 : 3;
  }

 private:
  bool wants_alpha() const { return wanted_.pixel_format() && !has_alpha_; }

  bool wants_block() const {
    if (wanted_.pages_number || wants_alpha()) return true;
    if (!has_image_ && (offset_ < kScreenReach || !has_screen_)) return true;
    const bool wants_xmp = wanted_.xmp && image_.metadata.xmp.empty();
    return wants_xmp && (!has_image_ || offset_ < kXmpReach);
  }

  std::uint8_t next_byte() {
    hops_.reach(offset_, 1);
    return bytes_.u8(offset_++);
  }

  // False where no block follows.
  bool read_block() {
    // All of the file is needed: no round for each piece of it.
    if (wanted_.pages_number || (wants_alpha() && offset_ > kXmpReach)) {
      bytes_.require({{offset_, kToEnd}});
    }
    const std::uint64_t start = offset_;
    switch (next_byte()) {
      case kExtension:
        read_extension();
        return true;
      case kImageSeparator:
        return read_image(start);
      default:
        return false;  // kTrailer, or damage
    }
  }

  void read_extension() {
    const std::uint8_t label = next_byte();
    const std::uint64_t start = offset_;
    if (label == kGraphicControl) {
      hops_.reach(start, 2);
      is_transparent_ = (bytes_.read(start, 2)[1] & kTransparentFlag) != 0;
    }
    const bool is_xmp = label == kApplication && wanted_.xmp && image_.metadata.xmp.empty() &&
                        bytes_.matches(start, kXmpApplication);
    if (is_xmp) offset_ += kXmpApplication.size();
    while (skip_sub_block()) continue;
    if (is_xmp) take_xmp(start + kXmpApplication.size(), offset_);
  }

  bool read_image(std::uint64_t start) {
    hops_.reach(start, kImageDescriptor + 1);
    const ByteSpan descriptor = bytes_.read(start, kImageDescriptor);
    if (!has_image_ && (start < kScreenReach || !has_screen_)) enlarge_screen(descriptor);
    has_image_ = true;
    offset_ = start + kImageDescriptor + colour_table(descriptor[kImageFlags]);
    if (!wants_block()) return false;
    const std::uint8_t code_size = next_byte();
    if (code_size == kTrailer || code_size >= kMaxCodeSize) return false;
    const std::uint64_t data = offset_;
    try {
      while (skip_sub_block() && wants_block()) continue;
    } catch (const Malformed&) {
      // A last image that is cut off counts where there is anything of it; where it is the only
      // one, what is missing of it is transparent.
      hops_.reach(data, 1);
      if (bytes_.read_up_to(data, 1).empty()) throw;
      if (frames_ == 0) is_transparent_ = true;
      count_frame();
      throw;
    }
    count_frame();
    return true;
  }

  void count_frame() {
    ++frames_;
    has_alpha_ = has_alpha_ || is_transparent_;
    is_transparent_ = false;
  }

  void enlarge_screen(ByteSpan descriptor) {
    image_.width = std::max<std::uint64_t>(image_.width, le16(descriptor, 1) + le16(descriptor, 5));
    image_.height =
        std::max<std::uint64_t>(image_.height, le16(descriptor, 3) + le16(descriptor, 7));
  }

  // False where it was the terminator.
  bool skip_sub_block() {
    const std::uint8_t length = next_byte();
    offset_ += length;
    return length != 0;
  }

  void take_xmp(std::uint64_t start, std::uint64_t end) {
    const std::uint64_t length = end - start;
    if (length > kMaxMetadataBlock) return;
    hops_.reach(start, length);
    const ByteSpan data = bytes_.read_up_to(start, length);
    const bool has_trailer =
        length >= kXmpTrailer && as_text(data.last(kXmpTrailer)).starts_with("\x01\xFF\xFE"sv);
    image_.metadata.xmp.push_back(
        has_trailer ? data.first(static_cast<std::size_t>(length - kXmpTrailer)) : join(data));
  }

  // Some writers put XMP into sub-blocks all the same.
  ByteSpan join(ByteSpan blocks) {
    std::vector<std::uint8_t> joined;
    while (!blocks.empty() && blocks[0] != 0) {
      const ByteSpan data = slice(blocks, 1, blocks[0]);
      joined.insert(joined.end(), data.begin(), data.end());
      blocks = blocks.subspan(data.size() + 1);
    }
    return bytes_.keep(std::move(joined));
  }

  Bytes& bytes_;
  const Wanted& wanted_;
  Image& image_;
  Hops hops_;
  std::uint64_t offset_ = 0;
  bool has_screen_ = false;
  bool has_image_ = false;
  bool is_transparent_ = false;  // the image to come
  bool has_alpha_ = false;       // any image
  std::uint64_t frames_ = 0;
};

}  // namespace

bool is_gif(Bytes& bytes) { return bytes.matches(0, "GIF8"); }

void read_gif(Bytes& bytes, const Wanted& wanted, Image& image) {
  GifReader(bytes, wanted, image).read();
}

}  // namespace imgpeek
