// The SIZ marker segment of a JPEG 2000 codestream (ISO/IEC 15444-1, A.5.1).
#pragma once

#include <cstdint>

#include "bytes.h"

namespace imgpeek {

struct Jp2Components {
  unsigned count = 0;
  unsigned bits = 0;  // of a sample of the first one
  bool is_signed = false;
};

struct Jp2Size {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  Jp2Components components;
};

// SOC and SIZ, which a codestream starts with.
inline constexpr std::string_view kJp2CodestreamSignature = "\xFF\x4F\xFF\x51";

// Reads the codestream at `offset`. Throws Missing, or Malformed where none starts there.
Jp2Size read_jp2_codestream(Bytes& bytes, std::uint64_t offset);

}  // namespace imgpeek
