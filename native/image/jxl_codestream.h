// A JPEG XL codestream, which a container may hold in parts (ISO/IEC 18181-2, 9.9).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "bytes.h"

namespace imgpeek {

// Offsets are bytes from the start of the codestream. Not to outlive `bytes`.
class JxlCodestream {
 public:
  JxlCodestream(Bytes& bytes, std::vector<Range> parts) : bytes_(bytes), parts_(std::move(parts)) {}

  // As Bytes::read_up_to() and Bytes::require().
  ByteSpan read_up_to(std::uint64_t offset, std::uint64_t length);
  void require(std::uint64_t offset, std::uint64_t length) { bytes_.require(find(offset, length)); }

 private:
  // Where in the file the bytes lie.
  std::vector<Range> find(std::uint64_t offset, std::uint64_t length) const;

  Bytes& bytes_;
  std::vector<Range> parts_;
};

}  // namespace imgpeek
