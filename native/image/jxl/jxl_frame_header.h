// The header of a frame and its table of contents (ISO/IEC 18181-1, annexes F.1 to F.3).
#pragma once

#include <cstdint>

#include "image/jxl/jxl_bits.h"
#include "image/jxl/jxl_header.h"

namespace imgpeek {

struct JxlFrame {
  bool shown = false;  // not merely a reference for others, nor merged into the next
  bool last = false;
  std::uint64_t data_length = 0;  // bytes of all sections, which follow the table of contents
};

// Reads the frame whose header `bits` stands at, up to the start of its sections. `size` is the
// image's, or the preview's for that. Malformed where it is damaged or cut.
JxlFrame read_jxl_frame(JxlBits& bits, const JxlSize& size, const JxlMetadata& metadata);

}  // namespace imgpeek
