// EXIF through libexif: what the block holds, with libexif's titles and formatted values.
#pragma once

#include <string>

#include "bytes.h"

namespace imgpeek {

// The JSON text of an object. Reads a TIFF structure that holds EXIF (an "Exif\0\0" before it is
// passed over). Keys are libexif's tag titles, or its tag names when `canonical`. Where two
// directories hold a tag IFD 0 wins, then EXIF, GPS, Interoperability; IFD 1 and unknown tags are
// left out, libexif's fix-ups are off. Empty where there is no EXIF or it is damaged beyond
// reading; never throws Malformed, but TooLong where `effort` is brief and there is much text.
std::string read_exif(ByteSpan exif, bool canonical, Effort effort);

}  // namespace imgpeek
