// A stream of entropy-coded integers in a JPEG XL codestream (ISO/IEC 18181-1, annex C).
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "image/jxl/jxl_ans_code.h"
#include "image/jxl/jxl_bits.h"
#include "image/jxl/jxl_prefix_code.h"

namespace imgpeek {

class JxlEntropy {
 public:
  // Reads the codes of a stream of so many contexts (1 at the least). Not to outlive `bits`, which
  // must not be read meanwhile. Malformed where they are damaged.
  JxlEntropy(JxlBits& bits, std::size_t contexts) : JxlEntropy(bits, contexts, 0) {}

  // The next integer in a context. Malformed where the stream is damaged or too long.
  std::uint32_t read(std::size_t context);

  // Ends the stream: Malformed where it was damaged.
  void finish() const;

 private:
  // C.3.3: how a token stands for an integer.
  struct TokenShape {
    unsigned split_exponent = 0;
    unsigned msb = 0;
    unsigned lsb = 0;
  };
  using Code = std::variant<JxlPrefixCode, JxlAnsCode>;

  JxlEntropy(JxlBits& bits, std::size_t contexts, int depth);

  void read_clusters(std::size_t contexts, int depth);
  TokenShape read_shape(unsigned log_alphabet_size);
  std::uint32_t read_token(std::size_t cluster);
  std::uint32_t read_integer(const TokenShape& shape, std::uint32_t token);
  std::uint32_t remember(std::uint32_t value);

  JxlBits& bits_;
  bool lz77_ = false;
  std::uint32_t lz77_min_symbol_ = 0;
  std::uint32_t lz77_min_length_ = 0;
  TokenShape lz77_length_shape_;
  std::vector<std::uint8_t> clusters_;  // by context
  std::vector<TokenShape> shapes_;      // by cluster
  std::vector<Code> codes_;             // by cluster
  bool prefix_codes_ = false;
  std::uint32_t state_ = 0;
  std::vector<std::uint32_t> decoded_;  // only with LZ77
  std::uint64_t copies_ = 0;            // that are left of a repetition
  std::size_t copy_from_ = 0;
};

}  // namespace imgpeek
