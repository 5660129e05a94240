// QOI (the Quite OK Image format, specification 1.0): a header of 14 bytes.
#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic = "qoif";
constexpr std::size_t kHeaderLength = 14;
constexpr std::size_t kWidth = 4;
constexpr std::size_t kHeight = 8;
constexpr std::size_t kChannels = 12;

}  // namespace

bool is_qoi(Bytes& bytes) { return bytes.matches(0, kMagic); }

void read_qoi(Bytes& bytes, const Wanted& wanted, Image& image) {
  const ByteSpan header = bytes.read(0, kHeaderLength);
  image.width = be32(header, kWidth);
  image.height = be32(header, kHeight);
  if (wanted.pixel_format()) set_pixel_format(image, header[kChannels] == 3 ? 3 : 4, "uchar");
}

}  // namespace imgpeek
