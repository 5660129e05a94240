// Prefix codes of JPEG XL's entropy coding (ISO/IEC 18181-1, C.2.4), which are Brotli's.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "image/jxl/jxl_bits.h"

namespace imgpeek {

class JxlPrefixCode {
 public:
  static constexpr unsigned kMaxLength = 15;

  // The code that `bits` tells next, of so many symbols. Malformed where it is none.
  static JxlPrefixCode parse(JxlBits& bits, std::uint32_t alphabet_size);

  // The canonical code of the lengths of the symbols' codes, 0 for those that do not occur. One
  // symbol alone takes no bits.
  explicit JxlPrefixCode(const std::vector<std::uint8_t>& lengths);

  // The next symbol. Malformed where no code begins so.
  std::uint32_t read(JxlBits& bits) const;

 private:
  std::array<std::uint32_t, kMaxLength + 1> counts_{};  // codes by length
  std::vector<std::uint32_t> symbols_;                  // by length, then by value
};

}  // namespace imgpeek
