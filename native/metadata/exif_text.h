// The EXIF fields whose text has a charset of its own, which libexif does not decode.
#pragma once

#include <optional>
#include <string>

#include "metadata/tiff_block.h"

namespace imgpeek {

// The text of a UserComment or of one of Windows' XP… tags; nothing for other tags, and for
// comments in JIS, which are left to libexif.
std::optional<std::string> exif_text(const TiffBlock& tiff, const TiffField& field);

}  // namespace imgpeek
