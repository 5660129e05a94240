// Minolta MRW: a header of blocks, then the samples. The layout is known from what ExifTool and
// dcraw document.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "image/readers.h"

namespace imgpeek {
namespace {

using namespace std::literals;

// The magic number's last letter is the byte order, as TIFF's is.
constexpr std::string_view kBigEndian = "\0MRM"sv;
constexpr std::string_view kLittleEndian = "\0MRI"sv;

// A block's name and its length; that of the header holds the others.
constexpr std::uint64_t kBlockHeader = 8;
constexpr std::uint64_t kMaxHeaderLength = 4U << 20U;
constexpr unsigned kMaxBlocks = 64;

// IFD 0 of the EXIF, which has the orientation, is within so many bytes.
constexpr std::uint64_t kIfd0Reach = 1024;

// The picture's raw data, and the TIFF with the EXIF.
constexpr std::string_view kSizes = "\0PRD"sv;
constexpr std::string_view kTiff = "\0TTW"sv;

// In the first: the rows and the columns of the picture, as the sensor has them.
constexpr std::size_t kRows = 12;
constexpr std::size_t kColumns = 14;
constexpr std::size_t kSizesLength = 16;

class MrwReader {
 public:
  MrwReader(Bytes& bytes, Image& image)
      : bytes_(bytes),
        image_(image),
        order_(bytes.matches(0, kLittleEndian) ? ByteOrder::kLittle : ByteOrder::kBig) {}

  void read(const Wanted& wanted) {
    const std::uint64_t end =
        kBlockHeader + std::min<std::uint64_t>(ordered32(bytes_.read(0, kBlockHeader), 4, order_),
                                               kMaxHeaderLength);
    if (wanted.exif) bytes_.require({Range{0, end}});
    std::uint64_t at = kBlockHeader;
    for (unsigned i = 0; i < kMaxBlocks && at + kBlockHeader <= end; ++i) {
      const ByteSpan header = bytes_.read_up_to(at, kBlockHeader);
      if (header.size() < kBlockHeader) return;
      const std::string_view name = as_text(header.first(4));
      const std::uint64_t length =
          std::min<std::uint64_t>(ordered32(header, 4, order_), end - at - kBlockHeader);
      at += kBlockHeader;
      if (name == kSizes) set_size(bytes_.read(at, kSizesLength));
      if (name == kTiff && (wanted.exif || wanted.dimensions)) {
        image_.metadata.exif =
            bytes_.read_up_to(at, wanted.exif ? length : std::min(length, kIfd0Reach));
      }
      at += length;
    }
  }

 private:
  void set_size(ByteSpan sizes) {
    image_.height = ordered16(sizes, kRows, order_);
    image_.width = ordered16(sizes, kColumns, order_);
  }

  Bytes& bytes_;
  Image& image_;
  ByteOrder order_;
};

}  // namespace

bool is_mrw(Bytes& bytes) {
  return bytes.matches(0, kBigEndian) || bytes.matches(0, kLittleEndian);
}

void read_mrw(Bytes& bytes, const Wanted& wanted, Image& image) {
  image.raw = true;
  MrwReader(bytes, image).read(wanted);
}

}  // namespace imgpeek
