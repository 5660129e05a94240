// Camera RAWs of TIFF's shape.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "image/tiff/tiff_directory.h"

namespace imgpeek {

// A RAW, by content: extension and type as cameras name them, and the size of the full picture as
// the sensor's rows are stored (the size that ExifTool tells; no crop of DNG or the maker applied).
struct Raw {
  std::string_view format;
  std::string_view mime_type;
  std::uint64_t width = 0;  // 0 where nothing but IFD 0 tells it
  std::uint64_t height = 0;
};

// Announces what read_raw() is going to read.
void want_raw(Tiff& tiff, const TiffDirectory& ifd0);

// What kind of RAW it is; nothing where it is a plain TIFF, be it of a camera. Throws Missing.
std::optional<Raw> read_raw(Tiff& tiff, const TiffDirectory& ifd0);

}  // namespace imgpeek
