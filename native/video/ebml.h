// EBML elements (RFC 8794), of which Matroska is made.
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"

namespace imgpeek {

// Where an element lies: its header is [offset, body), its contents [body, end). `end` is kToEnd
// where the size is unknown (RFC 8794, 6.2), and never past the end of the file.
struct EbmlElement {
  std::uint32_t id = 0;
  std::uint64_t offset = 0;
  std::uint64_t body = 0;
  std::uint64_t end = 0;

  std::uint64_t length() const { return end - offset; }
};

// The element at `offset`; none where there is none, or the file ends before. Throws Missing.
std::optional<EbmlElement> read_ebml_element(Bytes& bytes, std::uint64_t offset);

// The unsigned integer that an element holds, 0 where it is longer than 8 bytes.
std::uint64_t read_ebml_unsigned(Bytes& bytes, const EbmlElement& element);

}  // namespace imgpeek
