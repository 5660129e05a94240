// Files that are encrypted but open without a password (ISO 32000-2, 7.6): their object streams,
// and so often their pages, are readable by anyone, after the arithmetic.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "bytes.h"

namespace imgpeek {

class PdfEncryption {
 public:
  // By the encryption dictionary, whose values are all direct, and the first element of the
  // trailer's ID. Malformed where the scheme is none that is known.
  PdfEncryption(std::string_view dictionary, std::string_view id);

  // False where the document's XMP is left as it is.
  bool encrypts_metadata() const { return encrypts_metadata_; }

  // The plain data of a stream; nonsense where the file does take a password.
  std::vector<std::uint8_t> decrypt(ByteSpan data, std::uint32_t number,
                                    std::uint32_t generation) const;

 private:
  enum class Cipher { kNone, kRc4, kAes };

  Cipher cipher_ = Cipher::kRc4;
  bool key_per_object_ = true;
  bool encrypts_metadata_ = true;
  std::vector<std::uint8_t> key_;
};

}  // namespace imgpeek
