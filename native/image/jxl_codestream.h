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

  // As Bytes::read_up_to().
  ByteSpan read_up_to(std::uint64_t offset, std::uint64_t length) {
    return read_ahead(offset, length, length);
  }
  // The same, but where it must be fetched `ahead` bytes are, which will be read next.
  ByteSpan read_ahead(std::uint64_t offset, std::uint64_t length, std::uint64_t ahead);

 private:
  // Where in the file the bytes lie.
  std::vector<Range> find(std::uint64_t offset, std::uint64_t length) const;

  Bytes& bytes_;
  std::vector<Range> parts_;
};

}  // namespace imgpeek
