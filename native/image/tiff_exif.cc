#include "image/tiff_exif.h"

#include <libexif/exif-tag.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace imgpeek {
namespace {

constexpr std::uint64_t kMaxValue = 1U << 16U;
constexpr std::uint64_t kMaxLength = 1U << 20U;
// Of where the rows of pixels lie nobody wants to read more.
constexpr std::uint64_t kMaxStripArray = 256;

// The largest value that is told of, in bytes.
std::uint64_t max_length(unsigned tag) {
  switch (tag) {
    case EXIF_TAG_EXIF_IFD_POINTER:
    case EXIF_TAG_GPS_INFO_IFD_POINTER:
    case EXIF_TAG_INTEROPERABILITY_IFD_POINTER:
    case EXIF_TAG_SUB_IFDS:
    case EXIF_TAG_JPEG_INTERCHANGE_FORMAT:
    case EXIF_TAG_JPEG_INTERCHANGE_FORMAT_LENGTH:
    case EXIF_TAG_XML_PACKET:
    case EXIF_TAG_IPTC_NAA:
    case EXIF_TAG_IMAGE_RESOURCES:
    case EXIF_TAG_INTER_COLOR_PROFILE:
    case EXIF_TAG_MAKER_NOTE:
      return 0;
    case EXIF_TAG_STRIP_OFFSETS:
    case EXIF_TAG_STRIP_BYTE_COUNTS:
      return kMaxStripArray;
    default:
      return kMaxValue;
  }
}

bool is_told(const TiffEntry& entry, ExifIfd ifd) {
  return entry.length != 0 && entry.length <= max_length(entry.tag) &&
         exif_tag_get_name_in_ifd(static_cast<ExifTag>(entry.tag), ifd) != nullptr;
}

// Writes integers in a byte order.
class Writer {
 public:
  explicit Writer(ByteOrder order) : order_(order) {}

  void u16(std::uint32_t value) { integer(value, 2); }
  void u32(std::uint32_t value) { integer(value, 4); }
  void bytes(ByteSpan data) { out_.insert(out_.end(), data.begin(), data.end()); }
  void pad_to(std::size_t size) { out_.resize(std::max(size, out_.size())); }
  std::size_t size() const { return out_.size(); }
  std::vector<std::uint8_t> take() { return std::move(out_); }

 private:
  void integer(std::uint32_t value, unsigned length) {
    for (unsigned i = 0; i < length; ++i) {
      const unsigned shift = 8 * (order_ == ByteOrder::kLittle ? i : length - 1 - i);
      out_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }

  ByteOrder order_;
  std::vector<std::uint8_t> out_;
};

// TIFF 6.0, section 2.
constexpr std::uint32_t kHeaderLength = 8;
constexpr std::uint32_t kEntryLength = 12;
constexpr std::size_t kInlineLength = 4;
constexpr std::uint32_t kMagic = 42;
constexpr std::array<std::uint8_t, 2> kLittleEndianMark = {'I', 'I'};
constexpr std::array<std::uint8_t, 2> kBigEndianMark = {'M', 'M'};

constexpr std::array kWrittenIfds = {EXIF_IFD_0, EXIF_IFD_EXIF, EXIF_IFD_GPS,
                                     EXIF_IFD_INTEROPERABILITY};

std::uint32_t directory_length(std::size_t entries) {
  return static_cast<std::uint32_t>(2 + entries * kEntryLength + 4);
}

// Values stand at even offsets.
std::uint32_t even(std::size_t offset) { return static_cast<std::uint32_t>(offset + offset % 2); }

// A field as it is written: its value is in the entry, or at `position` of the block.
struct Written {
  std::uint32_t tag;
  std::uint32_t type;
  std::uint32_t count;
  ByteSpan value;      // empty for a pointer
  std::uint32_t word;  // the position of a value, or where a pointer points
};

// BigTIFF's integers as those of TIFF, which libexif knows; nothing where they do not fit.
std::optional<std::vector<std::uint8_t>> to_longs(Tiff& tiff, const TiffEntry& entry) {
  Writer longs(tiff.order());
  for (std::uint64_t i = 0; i < entry.count; ++i) {
    const std::optional<std::uint64_t> number = tiff.number(entry, i);
    if (!number || *number > UINT32_MAX) return std::nullopt;
    longs.u32(static_cast<std::uint32_t>(*number));
  }
  return longs.take();
}

}  // namespace

void TiffExif::want(Tiff& tiff, const TiffDirectory& directory, ExifIfd ifd) {
  std::uint64_t length = 0;
  for (const TiffEntry& entry : directory.entries) {
    if (!is_told(entry, ifd)) continue;
    length += entry.length;
    if (length > kMaxLength) return;
    tiff.want_value(entry);
  }
}

void TiffExif::add(Tiff& tiff, const TiffDirectory& directory, ExifIfd ifd) {
  Fields& fields = directories_.at(ifd);
  for (const TiffEntry& entry : directory.entries) {
    if (!is_told(entry, ifd)) continue;
    length_ += entry.length;
    if (length_ > kMaxLength) return;
    const bool is_known = std::any_of(fields.begin(), fields.end(),
                                      [&](const Field& field) { return field.tag == entry.tag; });
    if (is_known) continue;
    Field field{entry.tag, entry.type, static_cast<std::uint32_t>(entry.count), {}};
    if (entry.type >= kTiffIfd) {
      std::optional<std::vector<std::uint8_t>> longs = to_longs(tiff, entry);
      if (!longs) continue;
      field.type = kTiffLong;
      field.value = *std::move(longs);
    } else {
      const ByteSpan value = tiff.value(entry);
      if (value.size() != entry.length) continue;
      field.value.assign(value.begin(), value.end());
    }
    fields.push_back(std::move(field));
  }
}

std::vector<std::uint8_t> TiffExif::build() const {
  // Where each directory points to, and by which tag.
  struct Pointer {
    ExifIfd to;
    ExifIfd from;
    ExifTag tag;
  };
  const bool has_exif = !directories_[EXIF_IFD_EXIF].empty();
  const std::array<Pointer, 3> pointers = {
      Pointer{EXIF_IFD_EXIF, EXIF_IFD_0, EXIF_TAG_EXIF_IFD_POINTER},
      Pointer{EXIF_IFD_GPS, EXIF_IFD_0, EXIF_TAG_GPS_INFO_IFD_POINTER},
      Pointer{EXIF_IFD_INTEROPERABILITY, has_exif ? EXIF_IFD_EXIF : EXIF_IFD_0,
              EXIF_TAG_INTEROPERABILITY_IFD_POINTER},
  };

  std::array<std::vector<Written>, EXIF_IFD_COUNT> written;
  for (const ExifIfd ifd : kWrittenIfds) {
    for (const Field& field : directories_.at(ifd)) {
      written.at(ifd).push_back({field.tag, field.type, field.count, field.value, 0});
    }
  }
  for (const Pointer& pointer : pointers) {
    if (directories_.at(pointer.to).empty()) continue;
    written.at(pointer.from).push_back({pointer.tag, kTiffLong, 1, {}, 0});
  }
  if (written[EXIF_IFD_0].empty()) return {};

  // The directories come first, one after the other, then the values.
  std::array<std::uint32_t, EXIF_IFD_COUNT> offsets{};
  std::uint32_t end = kHeaderLength;
  for (const ExifIfd ifd : kWrittenIfds) {
    std::vector<Written>& fields = written.at(ifd);
    if (fields.empty()) continue;
    std::sort(fields.begin(), fields.end(),
              [](const Written& a, const Written& b) { return a.tag < b.tag; });
    offsets.at(ifd) = end;
    end += directory_length(fields.size());
  }
  for (const Pointer& pointer : pointers) {
    for (Written& field : written.at(pointer.from)) {
      if (field.tag == static_cast<std::uint32_t>(pointer.tag)) field.word = offsets.at(pointer.to);
    }
  }

  Writer out(order_);
  out.bytes(order_ == ByteOrder::kLittle ? kLittleEndianMark : kBigEndianMark);
  out.u16(kMagic);
  out.u32(kHeaderLength);
  for (const ExifIfd ifd : kWrittenIfds) {
    std::vector<Written>& fields = written.at(ifd);
    if (fields.empty()) continue;
    out.u16(static_cast<std::uint32_t>(fields.size()));
    for (Written& field : fields) {
      out.u16(field.tag);
      out.u16(field.type);
      out.u32(field.count);
      if (!field.value.empty() && field.value.size() <= kInlineLength) {
        const std::size_t entry_end = out.size() + kInlineLength;
        out.bytes(field.value);
        out.pad_to(entry_end);
        continue;
      }
      if (!field.value.empty()) {
        field.word = end;
        end += even(field.value.size());
      }
      out.u32(field.word);
    }
    out.u32(0);
  }
  for (const ExifIfd ifd : kWrittenIfds) {
    for (const Written& field : written.at(ifd)) {
      if (field.value.size() <= kInlineLength) continue;
      out.bytes(field.value);
      out.pad_to(even(out.size()));
    }
  }
  return out.take();
}

std::vector<std::uint8_t> stitch_exif(ByteSpan ifd0, ByteSpan exif, ByteSpan gps) {
  const std::array<std::pair<ByteSpan, ExifIfd>, 3> parts = {
      std::pair{ifd0, EXIF_IFD_0}, std::pair{exif, EXIF_IFD_EXIF}, std::pair{gps, EXIF_IFD_GPS}};
  std::optional<ByteOrder> order;
  std::optional<TiffExif> block;
  for (const auto& [part, ifd] : parts) {
    if (part.empty()) continue;
    try {
      Bytes bytes({{0, part}}, part.size(), true);
      Tiff tiff(bytes);
      if (!block) {
        order = tiff.order();
        block.emplace(*order);
      }
      if (tiff.order() != *order) continue;
      block->add(tiff, tiff.read_directory(tiff.first_directory()), ifd);
    } catch (const Malformed&) {
      // Damage in one directory leaves the others as they are.
    }
  }
  return block ? block->build() : std::vector<std::uint8_t>{};
}

}  // namespace imgpeek
