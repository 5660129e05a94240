// What a format's reader finds, before the metadata in it is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bytes.h"
#include "info.h"
#include "metadata/blocks.h"

namespace imgpeek {

struct Image {
  std::string_view format;     // overrides the registry's where one reader serves several formats
  std::string_view mime_type;  // likewise
  bool raw = false;            // samples of a camera's sensor, of a kind that LibRaw develops
  // Pixels as stored, after a container's own transforms (HEIF's irot, imir, clap).
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  // Set where the container itself holds what EXIF calls orientation (TIFF: tag 274). Left empty,
  // the EXIF block's counts.
  std::optional<int> orientation;
  // False where the container's own properties turn the picture (HEIF, JPEG XL) and were applied to
  // width and height: EXIF's orientation is then told, but turns nothing.
  bool turned_by_exif = true;
  std::uint64_t pages = 1;
  // libvips' nicks and count, as its loader would give them; set only where wanted.
  std::string_view colorspace;
  unsigned bands = 0;
  std::string_view sample_format;
  MetadataBlocks metadata;
};

}  // namespace imgpeek
