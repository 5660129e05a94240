// OpenEXR ("OpenEXR File Layout"): a version field, then attributes up to an empty name. Of a
// multi-part file the first part counts.
#include <optional>

#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic = "\x76\x2F\x31\x01";
constexpr std::uint64_t kFirstAttribute = 8;
// Long names (version bit 10) have up to 255 bytes, each of name and type ends with a NUL, and the
// length of the value follows.
constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxAttributeHeader = 2 * (kMaxName + 1) + 4;
constexpr int kMaxAttributes = 1024;
// box2i: xMin, yMin, xMax, yMax, all inclusive.
constexpr std::size_t kBoxLength = 16;

struct Attribute {
  std::string_view name;
  std::string_view type;
  std::uint64_t value = 0;  // offset
  std::uint32_t length = 0;
};

std::string_view take_name(std::string_view& text) {
  const std::size_t end = text.substr(0, kMaxName + 1).find('\0');
  if (end == std::string_view::npos) throw Malformed("exr: a name without an end");
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end + 1);
  return name;
}

// Empty after the last attribute.
std::optional<Attribute> read_attribute(Bytes& bytes, std::uint64_t offset) {
  const ByteSpan header = bytes.read_up_to(offset, kMaxAttributeHeader);
  std::string_view text = as_text(header);
  Attribute attribute;
  attribute.name = take_name(text);
  if (attribute.name.empty()) return std::nullopt;
  attribute.type = take_name(text);
  const std::size_t read = header.size() - text.size();
  attribute.length = le32(header, read);
  attribute.value = offset + read + 4;
  return attribute;
}

std::uint64_t extent(std::uint32_t first, std::uint32_t last) {
  const std::int64_t from = static_cast<std::int32_t>(first);
  const std::int64_t to = static_cast<std::int32_t>(last);
  if (to < from) throw Malformed("exr: empty data window");
  return static_cast<std::uint64_t>(to - from) + 1;
}

}  // namespace

bool is_exr(Bytes& bytes) { return bytes.matches(0, kMagic); }

void read_exr(Bytes& bytes, const Wanted& wanted, Image& image) {
  std::uint64_t offset = kFirstAttribute;
  for (int i = 0; i < kMaxAttributes; ++i) {
    const std::optional<Attribute> attribute = read_attribute(bytes, offset);
    if (!attribute) break;
    offset = attribute->value + attribute->length;
    // The pixels that are there, as libvips gives them; displayWindow may be larger or smaller.
    if (attribute->name != "dataWindow" || attribute->type != "box2i") continue;
    const ByteSpan box = bytes.read(attribute->value, kBoxLength);
    image.width = extent(le32(box, 0), le32(box, 8));
    image.height = extent(le32(box, 4), le32(box, 12));
    if (wanted.pixel_format()) {
      // libvips reads every OpenEXR file as RGBA.
      image.colorspace = "scrgb";
      image.bands = 4;
      image.sample_format = "float";
    }
    return;
  }
  throw Malformed("exr: no data window");
}

}  // namespace imgpeek
