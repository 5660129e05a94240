#include "image/jxl/jxl_prefix_code.h"

#include <algorithm>
#include <bit>

namespace imgpeek {
namespace {

// RFC 7932, 3.5: the alphabet of code lengths; 16 repeats the last length, 17 repeats zero.
constexpr std::size_t kLengthSymbols = 18;
constexpr std::array<std::uint8_t, kLengthSymbols> kLengthSymbolOrder = {
    1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::uint32_t kRepeatLast = 16;
constexpr std::uint8_t kFirstLast = 8;
// What a complete code of codes up to that length adds up to.
constexpr std::int32_t kLengthSpace = 1 << 5;
constexpr std::int32_t kSymbolSpace = 1 << 15;
constexpr std::uint32_t kSimple = 1;

using Lengths = std::vector<std::uint8_t>;

// RFC 7932, 3.4.
Lengths read_simple(JxlBits& bits, std::uint32_t alphabet_size) {
  Lengths lengths(alphabet_size);
  const auto width = static_cast<unsigned>(std::bit_width(alphabet_size - 1));
  const std::uint32_t count = bits.bits(2) + 1;
  std::vector<std::uint32_t> symbols;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t symbol = bits.bits(width);
    if (symbol >= alphabet_size ||
        std::find(symbols.begin(), symbols.end(), symbol) != symbols.end()) {
      throw Malformed("jxl: a damaged prefix code");
    }
    symbols.push_back(symbol);
  }
  using Shape = std::array<std::uint8_t, 4>;
  static constexpr std::array<Shape, 5> kShapes = {
      {{1, 0, 0, 0}, {1, 1, 0, 0}, {1, 2, 2, 0}, {2, 2, 2, 2}, {1, 2, 3, 3}}};
  const bool skewed = count == 4 && bits.flag();
  const Shape& shape = kShapes.at(skewed ? count : count - 1);
  for (std::uint32_t i = 0; i < count; ++i) lengths[symbols[i]] = shape.at(i);
  return lengths;
}

// The fixed code of the lengths of the codes of lengths.
std::uint8_t read_length_of_length(JxlBits& bits) {
  constexpr std::array<std::uint8_t, 3> kShort = {0, 4, 3};
  const std::uint32_t first = bits.bits(2);
  if (first < kShort.size()) return kShort.at(first);
  if (!bits.flag()) return 2;
  return bits.flag() ? 5 : 1;
}

// RFC 7932, 3.5; `skipped` of the lengths of lengths are 0 and left out.
Lengths read_complex(JxlBits& bits, std::uint32_t alphabet_size, std::uint32_t skipped) {
  Lengths of_lengths(kLengthSymbols);
  std::int32_t space = kLengthSpace;
  unsigned codes = 0;
  for (std::size_t i = skipped; i < kLengthSymbols && space > 0; ++i) {
    const std::uint8_t length = read_length_of_length(bits);
    of_lengths[kLengthSymbolOrder.at(i)] = length;
    if (length == 0) continue;
    space -= kLengthSpace >> length;
    ++codes;
  }
  if (codes != 1 && space != 0) throw Malformed("jxl: a damaged prefix code");

  const JxlPrefixCode code(of_lengths);
  Lengths lengths;
  std::uint8_t last = kFirstLast;
  std::uint8_t repeated = 0;
  std::uint32_t repeats = 0;
  space = kSymbolSpace;
  while (lengths.size() < alphabet_size && space > 0) {
    const std::uint32_t symbol = code.read(bits);
    if (symbol < kRepeatLast) {
      repeats = 0;
      lengths.push_back(static_cast<std::uint8_t>(symbol));
      if (symbol == 0) continue;
      last = lengths.back();
      space -= kSymbolSpace >> last;
      continue;
    }
    // A repetition right after one of the same length multiplies it.
    const unsigned extra = symbol == kRepeatLast ? 2 : 3;
    const std::uint8_t length = symbol == kRepeatLast ? last : 0;
    if (length != repeated) repeats = 0;
    repeated = length;
    const std::uint32_t before = repeats;
    if (repeats > 0) repeats = (repeats - 2) << extra;
    repeats += bits.bits(extra) + 3;
    const std::uint32_t more = repeats - before;
    if (more > alphabet_size - lengths.size()) throw Malformed("jxl: a damaged prefix code");
    lengths.insert(lengths.end(), more, length);
    if (length != 0) space -= static_cast<std::int32_t>(more) * (kSymbolSpace >> length);
  }
  if (space != 0) throw Malformed("jxl: a damaged prefix code");
  return lengths;
}

}  // namespace

JxlPrefixCode JxlPrefixCode::parse(JxlBits& bits, std::uint32_t alphabet_size) {
  if (alphabet_size == 1) return JxlPrefixCode({1});
  const std::uint32_t kind = bits.bits(2);
  return JxlPrefixCode(kind == kSimple ? read_simple(bits, alphabet_size)
                                       : read_complex(bits, alphabet_size, kind));
}

JxlPrefixCode::JxlPrefixCode(const std::vector<std::uint8_t>& lengths) {
  for (std::uint8_t length = 1; length <= kMaxLength; ++length) {
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != length) continue;
      ++counts_.at(length);
      symbols_.push_back(static_cast<std::uint32_t>(symbol));
    }
  }
}

std::uint32_t JxlPrefixCode::read(JxlBits& bits) const {
  if (symbols_.size() == 1) return symbols_[0];
  std::uint32_t code = 0;
  std::uint32_t first = 0;  // the first code of this length
  std::size_t index = 0;    // of its symbol
  for (std::size_t length = 1; length <= kMaxLength; ++length) {
    code = code << 1U | bits.bits(1);
    const std::uint32_t count = counts_.at(length);
    if (code - first < count) return symbols_.at(index + (code - first));
    index += count;
    first = (first + count) << 1U;
  }
  throw Malformed("jxl: a damaged prefix code");
}

}  // namespace imgpeek
