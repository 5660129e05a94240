#include <algorithm>
#include <array>
#include <vector>

#include "image/box.h"
#include "image/brotli.h"
#include "image/exif_block.h"
#include "image/jxl/jxl_codestream.h"
#include "image/jxl/jxl_frames.h"
#include "image/jxl/jxl_header.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kNakedSignature = "\xFF\x0A";
// ISO/IEC 18181-2, 9.1: the signature box that a container starts with.
constexpr std::string_view kContainerSignature{"\0\0\0\x0CJXL \r\n\x87\n", 12};

// Enough for the header of a codestream, unless its extra channels have names of kilobytes.
constexpr std::uint64_t kHeaderLength = 1024;
// A metadata block above this, stored or inflated, is left out.
constexpr std::uint64_t kMaxBlockLength = 16U << 20U;
// Metadata behind more boxes than this is not looked for, nor behind so many that are not small:
// each of those may cost a round, and an animation may have one a frame.
constexpr unsigned kMaxBoxes = 256;
constexpr unsigned kMaxLongBoxes = 32;
constexpr std::uint64_t kLongBoxLength = 1024;
// An animation's frames are counted over so many parts, and each round brings so much of them.
constexpr unsigned kMaxParts = 32768;
constexpr std::uint64_t kPartsRoundLength = 1U << 20U;

// A metadata box: `Exif` or `xml `, perhaps inflated from a `brob` (ISO/IEC 18181-2, 9.8).
struct MetadataBox {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool brotli = false;

  explicit operator bool() const { return length != 0; }
};

struct Container {
  std::vector<Range> codestream;
  MetadataBox exif;
  MetadataBox xmp;
};

constexpr std::uint64_t kInnerTypeLength = 4;

void note_metadata(MetadataBox& noted, std::uint64_t offset, std::uint64_t end, bool brotli) {
  if (!noted && end > offset && end - offset <= kMaxBlockLength) {
    noted = {offset, end - offset, brotli};
  }
}

// Appends the part of the codestream that the box holds, if it does.
void note_codestream(std::vector<Range>& codestream, const Box& box) {
  constexpr std::uint64_t kPartIndexLength = 4;
  if (box.type == fourcc("jxlc")) {
    codestream.push_back({box.body, box.body_length()});
  } else if (box.type == fourcc("jxlp") && box.body_length() >= kPartIndexLength) {
    codestream.push_back({box.body + kPartIndexLength, box.body_length() - kPartIndexLength});
  }
}

// Notes where everything lies. Without `metadata` it ends when the codestream's header is found.
Container read_container(Bytes& bytes, bool metadata) {
  Container container;
  std::uint64_t codestream_length = 0;
  unsigned long_boxes = 0;
  BoxWalker boxes(bytes, 0, bytes.size().value_or(kToEnd), kMaxBoxes);
  while (const std::optional<Box> box = boxes.next()) {
    const std::size_t parts = container.codestream.size();
    note_codestream(container.codestream, *box);
    if (container.codestream.size() != parts) {
      codestream_length += container.codestream.back().length;
    } else if (box->type == fourcc("Exif")) {
      note_metadata(container.exif, box->body, box->end, false);
    } else if (box->type == fourcc("xml ")) {
      note_metadata(container.xmp, box->body, box->end, false);
    } else if (box->type == fourcc("brob") && box->body_length() > kInnerTypeLength) {
      const std::uint64_t stream = box->body + kInnerTypeLength;
      if (bytes.matches(box->body, "Exif")) note_metadata(container.exif, stream, box->end, true);
      if (bytes.matches(box->body, "xml ")) note_metadata(container.xmp, stream, box->end, true);
    }
    if (!metadata && codestream_length >= kHeaderLength) break;
    if (box->body_length() >= kLongBoxLength && ++long_boxes == kMaxLongBoxes) break;
  }
  return container;
}

// All parts of the codestream, for the frames of an animation.
std::vector<Range> read_whole_codestream(Bytes& bytes) {
  std::vector<Range> codestream;
  BoxWalker boxes(bytes, 0, bytes.size().value_or(kToEnd), kMaxParts, kPartsRoundLength);
  while (const std::optional<Box> box = boxes.next()) note_codestream(codestream, *box);
  return codestream;
}

ByteSpan read_metadata_box(Bytes& bytes, const MetadataBox& box, std::uint64_t length) {
  if (!box) return {};
  const ByteSpan contents = bytes.read_up_to(box.offset, std::min(length, box.length));
  if (!box.brotli) return contents;
  try {
    return bytes.keep(inflate_brotli(contents, kMaxBlockLength));
  } catch (const Malformed&) {
    return {};
  }
}

void read_metadata_boxes(Bytes& bytes, const Container& container, const Wanted& wanted,
                         Image& image) {
  std::vector<Range> ranges;
  std::uint64_t exif_length = 0;
  if (wanted.exif || wanted.dimensions) {
    const bool whole = wanted.exif || container.exif.brotli;
    exif_length =
        whole ? container.exif.length : std::min(container.exif.length, kOrientationLength);
    ranges.push_back({container.exif.offset, exif_length});
  }
  if (wanted.xmp) ranges.push_back({container.xmp.offset, container.xmp.length});
  bytes.require(ranges);

  image.metadata.exif = find_tiff_header(read_metadata_box(bytes, container.exif, exif_length));
  if (!wanted.exif && exif_length < container.exif.length &&
      !holds_first_directory(image.metadata.exif)) {
    image.metadata.exif =
        find_tiff_header(read_metadata_box(bytes, container.exif, container.exif.length));
  }
  if (!wanted.xmp) return;
  const ByteSpan packet = read_metadata_box(bytes, container.xmp, container.xmp.length);
  if (!packet.empty()) image.metadata.xmp.push_back(packet);
}

// As libvips' loader gives them: every extra channel is a band.
void set_pixel_format(const JxlMetadata& metadata, Image& image) {
  const auto alpha =
      std::find_if(metadata.extra_channels.begin(), metadata.extra_channels.end(),
                   [](const JxlExtraChannel& channel) { return channel.type == kJxlAlpha; });
  const bool floating = metadata.depth.exponent_bits != 0 ||
                        (alpha != metadata.extra_channels.end() && alpha->depth.exponent_bits != 0);
  const bool wide = metadata.depth.bits > 8;
  image.bands = (metadata.grey ? 1U : 3U) + static_cast<unsigned>(metadata.extra_channels.size());
  if (floating) {
    image.sample_format = "float";
    image.colorspace = metadata.grey ? "b-w" : "scrgb";
  } else if (wide) {
    image.sample_format = "ushort";
    image.colorspace = metadata.grey ? "grey16" : "rgb16";
  } else {
    image.sample_format = "uchar";
    image.colorspace = metadata.grey ? "b-w" : "srgb";
  }
}

// 5 to 8 of EXIF's orientations, which JPEG XL's are, show rows as columns.
constexpr unsigned kFirstTransposedOrientation = 5;

// Returns whether it is an animation.
bool read_codestream(JxlCodestream& codestream, const Wanted& wanted, Image& image) {
  const ByteSpan header = codestream.read_up_to(0, kHeaderLength);
  JxlBits bits(header);
  if (!as_text(header).starts_with(kNakedSignature)) throw Malformed("jxl: no codestream");
  bits.skip(kNakedSignature.size() * 8);
  const JxlSize size = read_jxl_size(bits);
  image.width = size.width;
  image.height = size.height;
  try {
    const JxlMetadata metadata = read_jxl_metadata(bits);
    if (metadata.orientation >= kFirstTransposedOrientation) std::swap(image.width, image.height);
    if (wanted.pixel_format()) set_pixel_format(metadata, image);
    return metadata.animated;
  } catch (const Malformed&) {
    return false;  // the size stands
  }
}

}  // namespace

bool is_jxl(Bytes& bytes) {
  return bytes.matches(0, kNakedSignature) || bytes.matches(0, kContainerSignature);
}

void read_jxl(Bytes& bytes, const Wanted& wanted, Image& image) {
  image.turned_by_exif = false;
  if (bytes.matches(0, kNakedSignature)) {
    JxlCodestream codestream(bytes, {{0, bytes.size().value_or(kToEnd)}});
    const bool animated = read_codestream(codestream, wanted, image);
    if (animated && wanted.pages_number) image.pages = count_jxl_frames(codestream);
    return;
  }
  const bool metadata = wanted.dimensions || wanted.exif || wanted.xmp;
  const Container container = read_container(bytes, metadata);
  JxlCodestream codestream(bytes, container.codestream);
  const bool animated = read_codestream(codestream, wanted, image);
  if (metadata) read_metadata_boxes(bytes, container, wanted, image);
  if (animated && wanted.pages_number) {
    JxlCodestream whole(bytes, read_whole_codestream(bytes));
    image.pages = count_jxl_frames(whole);
  }
}

}  // namespace imgpeek
