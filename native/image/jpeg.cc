#include "image/readers.h"

namespace imgpeek {

bool is_jpeg(Bytes& bytes) { return bytes.matches(0, "\xFF\xD8\xFF"); }

void read_jpeg(Bytes& bytes, const Wanted& /*wanted*/, Image& image) {
  std::uint64_t offset = 2;
  for (;;) {
    const std::uint16_t marker = bytes.be16(offset);
    const std::uint16_t length = bytes.be16(offset + 2);
    if (marker == 0xFFC0 || marker == 0xFFC2) {
      image.height = bytes.be16(offset + 5);
      image.width = bytes.be16(offset + 7);
      return;
    }
    if (marker == 0xFFE1 && bytes.matches(offset + 4, std::string_view("Exif\0\0", 6))) {
      image.metadata.exif = bytes.read(offset + 10, length - 8U);
    }
    offset += 2U + length;
  }
}

}  // namespace imgpeek
