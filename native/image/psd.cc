// Photoshop's PSD and PSB (Adobe Photoshop File Formats Specification).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "image/hops.h"
#include "image/image_resource.h"
#include "image/metadata_block.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

// "File Header Section": a signature, a version, 6 bytes, the channels, the rows, the columns, the
// depth, the mode. The sections that follow begin with their length.
constexpr std::uint64_t kHeader = 26;
constexpr std::size_t kVersion = 4;
constexpr std::size_t kChannels = 12;
constexpr std::size_t kRows = 14;
constexpr std::size_t kColumns = 18;
constexpr std::size_t kDepth = 22;
constexpr std::size_t kMode = 24;
constexpr std::uint16_t kPsd = 1;
constexpr std::uint16_t kPsb = 2;  // with 64-bit lengths of the layers
constexpr std::uint64_t kSectionLength = 4;

enum class Mode : std::uint16_t {
  kBitmap = 0,
  kGreyscale = 1,
  kIndexed = 2,
  kRgb = 3,
  kCmyk = 4,
  kMultichannel = 7,
  kDuotone = 8,
  kLab = 9,
};

// Photoshop writes some thirty.
constexpr unsigned kMaxResources = 1024;

// True where the merged image has transparency: the layers' count is then negative ("Layer info").
bool has_merged_alpha(Bytes& bytes, Hops& hops, std::uint64_t layers, bool is_large) {
  const std::uint64_t length = is_large ? 8 : 4;
  hops.reach(layers, 2 * length + 2);
  const ByteSpan start = bytes.read_up_to(layers, 2 * length + 2);
  if (start.size() < 2 * length + 2) return false;
  const auto info = static_cast<std::size_t>(length);
  const bool has_layers = is_large ? be64(start, info) != 0 : be32(start, info) != 0;
  constexpr std::uint16_t kSign = 0x8000;
  return has_layers && (be16(start, 2 * info) & kSign) != 0;
}

// As ImageMagick gives it, by which libvips loads PSD; it refuses Lab.
void set_pixel_format(ByteSpan header, bool has_alpha, Image& image) {
  constexpr unsigned kByteBits = 8;
  const bool is_wide = be16(header, kDepth) > kByteBits;
  image.sample_format = is_wide ? "ushort" : "uchar";
  switch (static_cast<Mode>(be16(header, kMode))) {
    case Mode::kBitmap:
    case Mode::kGreyscale:
    case Mode::kDuotone:
      image.colorspace = is_wide ? "grey16" : "b-w";
      image.bands = 1;
      break;
    case Mode::kCmyk:
      image.colorspace = "cmyk";
      image.bands = 4;
      break;
    case Mode::kLab:
      image.colorspace = "lab";
      image.bands = 3;
      break;
    default:
      image.colorspace = is_wide ? "rgb16" : "srgb";
      image.bands = 3;
      break;
  }
  if (has_alpha) ++image.bands;
}

// Takes the resources that are wanted, in [offset, end), and steps over the others: thumbnails and
// profiles are the larger part of them.
class ResourceReader {
 public:
  ResourceReader(Bytes& bytes, const Wanted& wanted, Hops& hops, MetadataBlocks& blocks)
      : bytes_(bytes), wanted_(wanted), hops_(hops), blocks_(blocks) {}

  void read(std::uint64_t offset, std::uint64_t end) {
    for (unsigned count = 0; count < kMaxResources && wants_more() && offset < end; ++count) {
      const std::uint64_t length =
          std::min<std::uint64_t>(ImageResource::kMaxHeaderLength, end - offset);
      hops_.reach(offset, length);
      const auto resource = parse_image_resource(bytes_.read_up_to(offset, length));
      if (!resource || resource->length > end - offset) return;
      take(offset, *resource);
      offset += resource->end();
    }
  }

 private:
  bool wants_exif_resource() const { return wants_exif(wanted_) && blocks_.exif.empty(); }
  bool wants_more() const {
    if (wants_exif_resource()) return true;
    if (wanted_.iptc && (blocks_.iptc.empty() || blocks_.photoshop.empty())) return true;
    return wanted_.xmp && blocks_.xmp.empty();
  }

  void take(std::uint64_t offset, const ImageResource& resource) {
    if (resource.length > kMaxMetadataBlock) return;
    const Range data{offset + resource.data, resource.length};
    if (resource.is(ImageResourceId::kExif) && wants_exif_resource()) {
      const Range range = exif_range(wanted_, data);
      hops_.reach(range.offset, range.length);
      blocks_.exif = read_exif_block(bytes_, wanted_, data);
    } else if (resource.is(ImageResourceId::kXmp) && wanted_.xmp && blocks_.xmp.empty()) {
      blocks_.xmp.push_back(fetch(data));
    } else if (resource.is(ImageResourceId::kIptc) && wanted_.iptc && blocks_.iptc.empty()) {
      blocks_.iptc = fetch(data);
    } else if (resource.is(ImageResourceId::kResolution) && wanted_.iptc &&
               blocks_.photoshop.empty()) {
      blocks_.photoshop = fetch({offset, resource.data + resource.length});
    }
  }

  ByteSpan fetch(Range range) {
    hops_.reach(range.offset, range.length);
    return bytes_.read_up_to(range.offset, range.length);
  }

  Bytes& bytes_;
  const Wanted& wanted_;
  Hops& hops_;
  MetadataBlocks& blocks_;
};

}  // namespace

bool is_psd(Bytes& bytes) {
  if (!bytes.matches(0, "8BPS")) return false;
  const ByteSpan version = bytes.read_up_to(kVersion, 2);
  return version.size() == 2 && (be16(version, 0) == kPsd || be16(version, 0) == kPsb);
}

void read_psd(Bytes& bytes, const Wanted& wanted, Image& image) {
  const ByteSpan header = bytes.read(0, kHeader);
  const bool is_large = be16(header, kVersion) == kPsb;
  if (is_large) image.format = "psb";
  image.width = be32(header, kColumns);
  image.height = be32(header, kRows);
  if (image.width == 0 || image.height == 0) throw Malformed("psd: no dimensions");

  Hops hops(bytes);
  bool has_alpha = false;
  try {
    // "Color Mode Data Section", "Image Resources Section", "Layer and Mask Information Section"
    hops.reach(kHeader, kSectionLength);
    const std::uint64_t resources = kHeader + kSectionLength + bytes.be32(kHeader);
    hops.reach(resources, kSectionLength);
    const std::uint64_t start = resources + kSectionLength;
    const std::uint64_t end = start + bytes.be32(resources);
    ResourceReader(bytes, wanted, hops, image.metadata).read(start, end);
    if (wanted.pixel_format()) has_alpha = has_merged_alpha(bytes, hops, end, is_large);
  } catch (const Malformed&) {
    // The file ends early: what is known stands.
  }
  if (wanted.pixel_format()) set_pixel_format(header, has_alpha, image);
}

}  // namespace imgpeek
