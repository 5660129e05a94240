// The bits of a JPEG XL codestream (ISO/IEC 18181-1, annex B).
#pragma once

#include <cstddef>
#include <cstdint>

#include "bytes.h"

namespace imgpeek {

// Fields are packed from the lowest bit of a byte up. Each read throws Malformed where the span
// ends before. Not to outlive the span's memory.
class JxlBits {
 public:
  explicit JxlBits(ByteSpan data) : data_(data) {}

  // u(count), of up to 32 bits.
  std::uint32_t bits(unsigned count) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i, ++position_) {
      if (position_ / 8 >= data_.size()) throw Malformed("a JPEG XL header ends too early");
      const std::uint64_t bit = unsigned{data_[position_ / 8]} >> position_ % 8 & 1U;
      value |= bit << i;
    }
    return static_cast<std::uint32_t>(value);
  }
  bool flag() { return bits(1) != 0; }

  // One of the four distributions of U32(): a constant, or an offset to which u(bits) is added.
  struct Choice {
    std::uint32_t offset = 0;
    unsigned bits = 0;
  };
  std::uint32_t u32(Choice d0, Choice d1, Choice d2, Choice d3) {
    const Choice choices[] = {d0, d1, d2, d3};
    const Choice& choice = choices[bits(2)];
    return choice.offset + bits(choice.bits);
  }

  // Enum().
  std::uint32_t enumeration() { return u32({0}, {1}, {2, 4}, {18, 6}); }

  // U64(): 0, or 1 to 16, or 17 to 272, or 12 bits and then 8 at a time.
  std::uint64_t u64() {
    switch (bits(2)) {
      case 0:
        return 0;
      case 1:
        return 1 + bits(4);
      case 2:
        return 17 + bits(8);
      default:
        break;
    }
    std::uint64_t value = bits(12);
    for (unsigned shift = 12; flag(); shift += 8) {
      if (shift == 60) return value | static_cast<std::uint64_t>(bits(4)) << shift;
      value |= static_cast<std::uint64_t>(bits(8)) << shift;
    }
    return value;
  }

  // ZeroPadToByte().
  void align() { position_ = (position_ + 7) / 8 * 8; }

  void skip(std::size_t count) {
    if (count > data_.size() * 8 - position_) throw Malformed("a JPEG XL header ends too early");
    position_ += count;
  }

  // Bits read so far.
  std::size_t position() const { return position_; }

 private:
  ByteSpan data_;
  std::size_t position_ = 0;
};

}  // namespace imgpeek
