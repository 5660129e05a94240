// A JPEG XL codestream, which a container may hold in parts (ISO/IEC 18181-2, 9.9).
#pragma once

#include <cstdint>
#include <vector>

#include "bytes.h"

namespace imgpeek {

// Offsets are bytes from the start of the codestream. Not to outlive `bytes`.
class JxlCodestream {
 public:
  // `parts` are where it lies in the file.
  JxlCodestream(Bytes& bytes, const std::vector<Range>& parts);

  // As Bytes::read_up_to(), but the span lives until the next read only.
  ByteSpan read_up_to(std::uint64_t offset, std::uint64_t length) {
    return read_ahead(offset, length, length);
  }
  // The same, but where it must be fetched `ahead` bytes are, which will be read next.
  ByteSpan read_ahead(std::uint64_t offset, std::uint64_t length, std::uint64_t ahead);

 private:
  struct Part {
    std::uint64_t start = 0;  // in the codestream
    Range range;              // in the file
  };

  // Where in the file the bytes lie.
  std::vector<Range> find(std::uint64_t offset, std::uint64_t length) const;

  Bytes& bytes_;
  std::vector<Part> parts_;  // none of them empty
  std::vector<std::uint8_t> joined_;
};

}  // namespace imgpeek
