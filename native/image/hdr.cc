// Radiance pictures (Greg Ward, "Real Pixels", and the reference manual's "File Formats"): lines of
// text up to an empty one, then the resolution, then the scanlines.
#include <algorithm>
#include <charconv>
#include <optional>

#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kRadiance = "#?RADIANCE\n";
constexpr std::string_view kRgbe = "#?RGBE\n";
constexpr std::string_view kXyzFormat = "FORMAT=32-bit_rle_xyze";
// The header is read in one piece of this length; one that is longer is read again up to the limit.
constexpr std::size_t kUsualHeader = 2048;
constexpr std::size_t kMaxHeader = 65536;

struct Header {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  bool xyz = false;
};

// One axis of the resolution string, such as "-Y 480 ": its letter and length.
struct Axis {
  char letter = 0;
  std::uint32_t length = 0;
};

void skip_spaces(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

// Numbers may be padded with spaces in front.
std::optional<Axis> take_axis(std::string_view& line) {
  if (line.size() < 3 || (line[0] != '-' && line[0] != '+')) return std::nullopt;
  Axis axis{line[1], 0};
  line.remove_prefix(2);
  skip_spaces(line);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), axis.length);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  skip_spaces(line);
  return axis;
}

// Empty where `text` ends before the resolution string does.
std::optional<Header> parse(std::string_view text) {
  Header header;
  bool in_resolution = false;
  for (;;) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!in_resolution) {
      if (line.starts_with(kXyzFormat)) header.xyz = true;
      in_resolution = line.empty();
      continue;
    }
    // Whichever axis the scanlines run along, X is the one from left to right.
    const std::optional<Axis> first = take_axis(line);
    const std::optional<Axis> second = take_axis(line);
    if (!first || !second) throw Malformed("hdr: bad resolution string");
    if (first->letter == 'Y' && second->letter == 'X') {
      header.width = second->length;
      header.height = first->length;
    } else if (first->letter == 'X' && second->letter == 'Y') {
      header.width = first->length;
      header.height = second->length;
    } else {
      throw Malformed("hdr: bad resolution string");
    }
    return header;
  }
}

}  // namespace

bool is_hdr(Bytes& bytes) { return bytes.matches(0, kRadiance) || bytes.matches(0, kRgbe); }

void read_hdr(Bytes& bytes, const Wanted& wanted, Image& image) {
  std::optional<Header> header = parse(as_text(bytes.read_up_to(0, kUsualHeader)));
  if (!header) header = parse(as_text(bytes.read_up_to(0, kMaxHeader)));
  if (!header) throw Malformed("hdr: no resolution string");
  image.width = header->width;
  image.height = header->height;
  if (wanted.pixel_format()) {
    // libvips keeps the packed pixels: four bytes each, coded as Radiance does.
    image.colorspace = header->xyz ? "xyz" : "scrgb";
    image.bands = 4;
    image.sample_format = "uchar";
  }
}

}  // namespace imgpeek
