// Distributions of JPEG XL's entropy coding by asymmetric numeral systems (ISO/IEC 18181-1, C.2.5
// and C.2.6).
#pragma once

#include <cstdint>
#include <vector>

#include "image/jxl/jxl_bits.h"

namespace imgpeek {

class JxlAnsCode {
 public:
  // Reads a distribution over 2^log_alphabet_size symbols. Malformed where it is none.
  JxlAnsCode(JxlBits& bits, unsigned log_alphabet_size);

  // The symbol that `state` holds; advances `state`.
  std::uint32_t read(std::uint32_t& state, JxlBits& bits) const;

 private:
  // One of the equal parts of the range: below `cutoff` it is its own symbol's, else `other`'s.
  struct Bucket {
    std::uint32_t cutoff = 0;
    std::uint32_t other = 0;
    std::uint32_t offset = 0;  // of the other symbol's share
  };

  void build_alias_table(unsigned log_alphabet_size);

  std::vector<std::uint32_t> frequencies_;
  std::vector<Bucket> buckets_;
  unsigned log_bucket_size_;
};

// VarLenUint (C.2.1): up to 255 of 3 bits of length, up to 65535 of 4.
std::uint32_t read_jxl_varlen_u8(JxlBits& bits);
std::uint32_t read_jxl_varlen_u16(JxlBits& bits);

}  // namespace imgpeek
