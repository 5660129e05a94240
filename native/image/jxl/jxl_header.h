// The header of a JPEG XL codestream: SizeHeader and ImageMetadata (ISO/IEC 18181-1, annex D).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"
#include "image/jxl/jxl_bits.h"

namespace imgpeek {

struct JxlSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

struct JxlBitDepth {
  unsigned bits = 8;
  unsigned exponent_bits = 0;  // 0 for integers
};

struct JxlExtraChannel {
  std::uint32_t type = 0;
  JxlBitDepth depth;
};

// As the codestream holds it, with the defaults of what it leaves out.
struct JxlMetadata {
  unsigned orientation = 1;  // EXIF's 1-8
  std::optional<JxlSize> preview;
  bool animated = false;
  bool timecodes = false;  // an animation's frames have time codes
  JxlBitDepth depth;
  std::vector<JxlExtraChannel> extra_channels;
  bool xyb = true;
  bool icc = false;  // an ICC profile follows the header
  bool grey = false;
};

inline constexpr std::uint32_t kJxlAlpha = 0;  // JxlExtraChannel::type

// Each reads on from where `bits` stands and throws Malformed where that ends before.
JxlSize read_jxl_size(JxlBits& bits);
// Leaves off after ColourEncoding's colour space; where it is `whole`, after the header.
JxlMetadata read_jxl_metadata(JxlBits& bits, bool whole = false);
// Extensions, which headers end with: passes over them.
void skip_jxl_extensions(JxlBits& bits);

}  // namespace imgpeek
