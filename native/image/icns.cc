// Apple icons: elements of a type, a length and an image. The first image counts, as in icons
// elsewhere.
#include <algorithm>
#include <array>

#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic = "icns";
constexpr std::size_t kElementHeader = 8;  // type and length, which counts these too
constexpr int kMaxElements = 256;

struct IconType {
  std::string_view type;
  std::uint16_t width;
  std::uint16_t height;
  std::uint8_t bands;
};

// Masks and what is no image are not among them.
constexpr std::array kIconTypes = {
    IconType{"ICON", 32, 32, 1},   IconType{"ICN#", 32, 32, 1},     IconType{"icm#", 16, 12, 1},
    IconType{"icm4", 16, 12, 3},   IconType{"icm8", 16, 12, 3},     IconType{"ics#", 16, 16, 1},
    IconType{"ics4", 16, 16, 3},   IconType{"ics8", 16, 16, 3},     IconType{"is32", 16, 16, 3},
    IconType{"icl4", 32, 32, 3},   IconType{"icl8", 32, 32, 3},     IconType{"il32", 32, 32, 3},
    IconType{"ich#", 48, 48, 1},   IconType{"ich4", 48, 48, 3},     IconType{"ich8", 48, 48, 3},
    IconType{"ih32", 48, 48, 3},   IconType{"it32", 128, 128, 3},   IconType{"icp4", 16, 16, 4},
    IconType{"icp5", 32, 32, 4},   IconType{"icp6", 64, 64, 4},     IconType{"ic04", 16, 16, 4},
    IconType{"ic05", 32, 32, 4},   IconType{"ic07", 128, 128, 4},   IconType{"ic08", 256, 256, 4},
    IconType{"ic09", 512, 512, 4}, IconType{"ic10", 1024, 1024, 4}, IconType{"ic11", 32, 32, 4},
    IconType{"ic12", 64, 64, 4},   IconType{"ic13", 256, 256, 4},   IconType{"ic14", 512, 512, 4},
    IconType{"icsb", 18, 18, 4},   IconType{"icsB", 36, 36, 4},     IconType{"sb24", 24, 24, 4},
    IconType{"SB24", 48, 48, 4},
};

const IconType* find_type(std::string_view type) {
  const auto* const found = std::find_if(kIconTypes.begin(), kIconTypes.end(),
                                         [&](const IconType& row) { return row.type == type; });
  return found == kIconTypes.end() ? nullptr : found;
}

}  // namespace

bool is_icns(Bytes& bytes) { return bytes.matches(0, kMagic); }

void read_icns(Bytes& bytes, const Wanted& wanted, Image& image) {
  const std::uint64_t end = bytes.be32(4);
  std::uint64_t offset = kElementHeader;
  for (int i = 0; i < kMaxElements && offset < end; ++i) {
    const ByteSpan header = bytes.read(offset, kElementHeader);
    if (const IconType* type = find_type(as_text(header).substr(0, 4))) {
      image.width = type->width;
      image.height = type->height;
      if (wanted.pixel_format()) set_pixel_format(image, type->bands, "uchar");
      return;
    }
    const std::uint32_t length = be32(header, 4);
    if (length < kElementHeader) break;
    offset += length;
  }
  throw Malformed("icns: no icon");
}

}  // namespace imgpeek
