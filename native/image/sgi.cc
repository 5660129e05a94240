// SGI images ("The SGI Image File Format", version 1.00): a header of 512 bytes.
#include "image/pixel_format.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::uint16_t kMagic = 0x01DA;
constexpr std::size_t kHeaderLength = 12;  // of what is read
constexpr std::size_t kStorage = 2;
constexpr std::size_t kBytesPerChannel = 3;
constexpr std::size_t kDimension = 4;
constexpr std::size_t kWidth = 6;
constexpr std::size_t kHeight = 8;
constexpr std::size_t kChannels = 10;

// DIMENSION: a single row, a single channel, several channels.
constexpr unsigned kOneRow = 1;
constexpr unsigned kOneChannel = 2;
constexpr unsigned kChannelsGiven = 3;

}  // namespace

// Two bytes of magic are few: the fields behind them must make sense too.
bool is_sgi(Bytes& bytes) {
  if (!bytes.matches(0, "\x01\xDA")) return false;
  const ByteSpan header = bytes.read_up_to(0, kHeaderLength);
  if (header.size() < kHeaderLength || be16(header, 0) != kMagic) return false;
  const unsigned dimension = be16(header, kDimension);
  return header[kStorage] <= 1 &&
         (header[kBytesPerChannel] == 1 || header[kBytesPerChannel] == 2) && dimension >= kOneRow &&
         dimension <= kChannelsGiven;
}

void read_sgi(Bytes& bytes, const Wanted& wanted, Image& image) {
  const ByteSpan header = bytes.read(0, kHeaderLength);
  const unsigned dimension = be16(header, kDimension);
  image.width = be16(header, kWidth);
  image.height = dimension == kOneRow ? 1 : be16(header, kHeight);
  if (wanted.pixel_format()) {
    const unsigned bands = dimension <= kOneChannel ? 1U : be16(header, kChannels);
    set_pixel_format(image, bands, header[kBytesPerChannel] == 1 ? "uchar" : "ushort");
  }
}

}  // namespace imgpeek
