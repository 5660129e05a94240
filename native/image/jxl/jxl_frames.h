// The frames of a JPEG XL codestream (ISO/IEC 18181-1, annexes E and F).
#pragma once

#include <cstdint>

#include "image/jxl/jxl_codestream.h"
#include "image/jxl/jxl_header.h"

namespace imgpeek {

// Counts the frames that are shown, by walking from one frame's header and table of contents to the
// next. Where the codestream ends or is damaged before the last one, those that came before; never
// 0. Throws Missing.
std::uint64_t count_jxl_frames(JxlCodestream& codestream);

}  // namespace imgpeek
