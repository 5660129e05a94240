// FITS (FITS Standard 4.0): header-data units, each a header of 80-character cards in blocks of
// 2880 bytes. The first unit that holds an image counts, as in libvips.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string>

#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic = "SIMPLE  = ";
constexpr std::string_view kExtensionMagic = "XTENSION";
constexpr std::size_t kBlock = 2880;
constexpr std::size_t kCard = 80;
constexpr std::size_t kKeyword = 8;
constexpr std::size_t kValue = 10;
constexpr int kMaxUnits = 64;
constexpr int kMaxBlocks = 256;  // of one header
constexpr int kBlocksAsked = 8;  // where a header is not held
constexpr std::uint64_t kMaxAxes = 999;

// What a unit's header says of its data.
struct Unit {
  int bits = 0;  // BITPIX: negative for floats
  std::uint64_t axes = 0;
  std::array<std::uint64_t, 3> extents = {1, 1, 1};
  std::uint64_t elements = 1;  // the product of all extents
  std::uint64_t parameters = 0;
  std::uint64_t groups = 1;
  double scale = 1;
  double zero = 0;
  bool table = false;
  // Section 10: an image that is compressed into a table.
  bool compressed = false;
  int compressed_bits = 0;
  std::uint64_t compressed_axes = 0;
  std::array<std::uint64_t, 3> compressed_extents = {1, 1, 1};
};

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Section 4.2: the value field ends at a comment's slash. None that is read is a string with one.
std::string_view value_of(std::string_view card) {
  const std::string_view value = card.substr(kValue);
  return trim(value.substr(0, value.find('/')));
}

std::uint64_t to_count(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int to_integer(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Section 4.2.4: the exponent may be marked by a D.
double to_real(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), 'D', 'E');
  double value = 0;
  std::from_chars(plain.data(), plain.data() + plain.size(), value);
  return value;
}

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  if (a != 0 && b > UINT64_MAX / a) throw Malformed("fits: impossible extents");
  return a * b;
}

void take_card(std::string_view card, Unit& unit) {
  const std::string_view keyword = trim(card.substr(0, kKeyword));
  const std::string_view value = value_of(card);
  if (keyword == "BITPIX") {
    unit.bits = to_integer(value);
  } else if (keyword == "NAXIS") {
    unit.axes = to_count(value);
    if (unit.axes > kMaxAxes) throw Malformed("fits: too many axes");
  } else if (keyword.starts_with("NAXIS")) {
    const std::uint64_t axis = to_count(keyword.substr(5));
    unit.elements = multiply(unit.elements, to_count(value));
    if (axis >= 1 && axis <= unit.extents.size()) unit.extents[axis - 1] = to_count(value);
  } else if (keyword == "PCOUNT") {
    unit.parameters = to_count(value);
  } else if (keyword == "GCOUNT") {
    unit.groups = to_count(value);
  } else if (keyword == "BSCALE") {
    unit.scale = to_real(value);
  } else if (keyword == "BZERO") {
    unit.zero = to_real(value);
  } else if (keyword == kExtensionMagic) {
    unit.table = !value.starts_with("'IMAGE");
  } else if (keyword == "ZIMAGE") {
    unit.compressed = value == "T";
  } else if (keyword == "ZBITPIX") {
    unit.compressed_bits = to_integer(value);
  } else if (keyword == "ZNAXIS") {
    unit.compressed_axes = to_count(value);
  } else if (keyword.starts_with("ZNAXIS")) {
    const std::uint64_t axis = to_count(keyword.substr(6));
    if (axis >= 1 && axis <= unit.compressed_extents.size()) {
      unit.compressed_extents[axis - 1] = to_count(value);
    }
  }
}

// Reads the header at `offset`, and moves `offset` to the next unit.
Unit read_unit(Bytes& bytes, std::uint64_t& offset) {
  Unit unit;
  for (int i = 0; i < kMaxBlocks; ++i) {
    if (bytes.held(offset, kBlock).size() < kBlock) {
      bytes.require({{offset, kBlocksAsked * kBlock}});
    }
    const std::string_view block = as_text(bytes.read_up_to(offset, kBlock));
    offset += kBlock;
    for (std::size_t at = 0; at + kCard <= block.size(); at += kCard) {
      const std::string_view card = block.substr(at, kCard);
      if (trim(card.substr(0, kKeyword)) == "END") {
        // Section 4.4.1.1, equation 2.
        std::uint64_t length = 0;
        if (unit.axes > 0) {
          const auto width = static_cast<std::uint64_t>(std::abs(unit.bits / 8));
          length = multiply(width, multiply(unit.groups, unit.parameters + unit.elements));
        }
        if (length > INT64_MAX - offset) throw Malformed("fits: impossible extents");
        offset += (length + kBlock - 1) / kBlock * kBlock;
        return unit;
      }
      take_card(card, unit);
    }
    if (block.size() < kBlock) break;
  }
  throw Malformed("fits: the header does not end");
}

// The samples once BSCALE and BZERO are applied: integers that are shifted to the other signedness
// stay integers.
std::string_view sample_format(int bits, double scale, double zero) {
  if (bits == -32) return "float";
  if (bits == -64) return "double";
  if (scale == 1 && zero == 0) {
    if (bits == 8) return "uchar";
    return bits == 16 ? "short" : "int";
  }
  if (scale == 1 && bits == 8 && zero == -128) return "char";
  if (scale == 1 && bits == 16 && zero == 32768) return "ushort";
  if (scale == 1 && bits == 32 && zero == 2147483648) return "uint";
  return bits == 8 || bits == 16 ? "float" : "double";
}

void set_pixel_format(const Unit& unit, std::uint64_t bands, Image& image) {
  const int bits = unit.compressed ? unit.compressed_bits : unit.bits;
  image.sample_format = sample_format(bits, unit.scale, unit.zero);
  image.bands = static_cast<unsigned>(std::min<std::uint64_t>(bands, INT32_MAX));
  const bool wide = image.sample_format == "ushort";
  if (bands == 1) {
    image.colorspace = wide ? "grey16" : "b-w";
  } else if (bands == 3) {
    image.colorspace = wide ? "rgb16" : "srgb";
  } else {
    image.colorspace = "multiband";
  }
}

}  // namespace

bool is_fits(Bytes& bytes) { return bytes.matches(0, kMagic); }

void read_fits(Bytes& bytes, const Wanted& wanted, Image& image) {
  std::uint64_t offset = 0;
  for (int i = 0; i < kMaxUnits; ++i) {
    const Unit unit = read_unit(bytes, offset);
    const std::uint64_t axes = unit.compressed ? unit.compressed_axes : unit.axes;
    if (axes == 0 || (unit.table && !unit.compressed)) continue;
    const auto& extents = unit.compressed ? unit.compressed_extents : unit.extents;
    image.width = extents[0];
    image.height = axes >= 2 ? extents[1] : 1;
    if (wanted.pixel_format()) set_pixel_format(unit, axes >= 3 ? extents[2] : 1, image);
    return;
  }
  throw Malformed("fits: no image");
}

}  // namespace imgpeek
