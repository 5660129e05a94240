#include "image/tiff/tiff_exif.h"

#include <libexif/exif-tag.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>

#include "image/tiff/tiff_tags.h"
#include "metadata/exif_tags.h"

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

// The fields that are told of, the first of each tag.
std::vector<TiffEntry> told(const TiffDirectory& directory, ExifIfd ifd) {
  std::vector<TiffEntry> entries;
  std::set<std::uint16_t> tags;
  std::uint64_t length = 0;
  for (const TiffEntry& entry : directory.entries) {
    if (entry.length == 0 || entry.length > max_length(entry.tag)) continue;
    if (entry.length > kMaxLength - length) continue;
    if (exif_tag_names(ifd, entry.tag) == nullptr) continue;
    if (!tags.insert(entry.tag).second) continue;
    length += entry.length;
    entries.push_back(entry);
  }
  return entries;
}

// BigTIFF's integers as those of TIFF, which libexif knows; nothing where they do not fit.
std::optional<std::vector<std::uint8_t>> to_longs(Tiff& tiff, const TiffEntry& entry) {
  std::vector<std::uint8_t> longs;
  for (std::uint64_t i = 0; i < entry.count; ++i) {
    const std::optional<std::uint64_t> number = tiff.number(entry, i);
    if (!number || *number > UINT32_MAX) return std::nullopt;
    append_integer(longs, *number, 4, tiff.order());
  }
  return longs;
}

}  // namespace

void TiffExif::want(Tiff& tiff, const TiffDirectory& directory, ExifIfd ifd) {
  for (const TiffEntry& entry : told(directory, ifd)) tiff.want_value(entry);
}

void TiffExif::add(Tiff& tiff, const TiffDirectory& directory, ExifIfd ifd) {
  for (const TiffEntry& entry : told(directory, ifd)) {
    if (entry.length > kMaxLength - length_) continue;
    NewTiffField field{entry.tag, entry.type, static_cast<std::uint32_t>(entry.count), {}, {}};
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
    length_ += entry.length;
    directories_.at(ifd).push_back(std::move(field));
  }
}

std::vector<std::uint8_t> TiffExif::build() const {
  const auto is_empty = [](const NewTiffDirectory& fields) { return fields.empty(); };
  if (std::ranges::all_of(directories_, is_empty)) return {};
  std::vector<NewTiffDirectory> directories = directories_;
  NewTiffDirectory& ifd0 = directories.at(EXIF_IFD_0);
  NewTiffDirectory& exif = directories.at(EXIF_IFD_EXIF);
  // EXIF 2.32, 4.6.3: Interoperability hangs on EXIF.
  (exif.empty() ? ifd0 : exif)
      .push_back(NewTiffField::pointer(kInteroperabilityIfd, EXIF_IFD_INTEROPERABILITY));
  ifd0.push_back(NewTiffField::pointer(kExifIfd, EXIF_IFD_EXIF));
  ifd0.push_back(NewTiffField::pointer(kGpsIfd, EXIF_IFD_GPS));
  return write_tiff(std::move(directories), order_);
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
