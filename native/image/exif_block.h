// Where EXIF stands in a block of a container that says so imprecisely.
#pragma once

#include "bytes.h"

namespace imgpeek {

// The first bytes of an EXIF block that are read where only its orientation is wanted: enough for
// IFD 0, in which cameras and programs write a few dozen entries right after the header.
inline constexpr std::uint64_t kOrientationLength = 1024;

// The TIFF structure in the contents of HEIF's `Exif` item or JPEG XL's `Exif` box: after a 32-bit
// offset to it (ISO/IEC 23008-12, A.2.1). Writers are known to get the offset wrong, to count
// JPEG's "Exif\0\0" into it or not, and to leave it out. Empty where no TIFF header is found.
ByteSpan find_tiff_header(ByteSpan contents);

// True where IFD 0 of `tiff` ends within it.
bool holds_first_directory(ByteSpan tiff);

}  // namespace imgpeek
