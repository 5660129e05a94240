// Which intent of a colour profile is to be used.
#pragma once

#include "bytes.h"

namespace imgpeek {

// Whether a profile (ICC.1:2022) is of tables, and has one for perceptual rendering alone: libvips
// takes it for sRGB's where another is asked for.
bool is_perceptual_only(ByteSpan profile);

}  // namespace imgpeek
