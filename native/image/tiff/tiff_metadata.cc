#include "image/tiff/tiff_metadata.h"

#include <libexif/exif-ifd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "image/tiff/tiff_exif.h"
#include "image/tiff/tiff_resources.h"
#include "image/tiff/tiff_tags.h"

namespace imgpeek {
namespace {

// A larger block is left out.
constexpr std::uint64_t kMaxBlock = 1U << 24U;

// The directories that hang on IFD 0.
struct SubDirectory {
  std::uint16_t tag;
  ExifIfd ifd;
};
constexpr std::array kSubDirectories = {SubDirectory{kExifIfd, EXIF_IFD_EXIF},
                                        SubDirectory{kGpsIfd, EXIF_IFD_GPS}};

// The fields of IFD 0 that hold a block.
struct Block {
  std::uint16_t tag;
  bool Wanted::*wanted;
};
constexpr std::array kBlocks = {Block{kXmp, &Wanted::xmp}, Block{kIptc, &Wanted::iptc}};

const TiffEntry* find_block(const TiffDirectory& ifd0, std::uint16_t tag) {
  const TiffEntry* entry = ifd0.find(tag);
  return entry != nullptr && entry->length <= kMaxBlock ? entry : nullptr;
}

// The offset that a field points to; nothing where it points nowhere.
std::optional<std::uint64_t> find_offset(Tiff& tiff, const TiffDirectory& parent,
                                         std::uint16_t tag) {
  const std::optional<std::uint64_t> offset = tiff.number(parent, tag);
  return offset == 0U ? std::nullopt : offset;
}

std::optional<TiffDirectory> read_sub_directory(Tiff& tiff, const TiffDirectory& parent,
                                                std::uint16_t tag) {
  const std::optional<std::uint64_t> offset = find_offset(tiff, parent, tag);
  if (!offset) return std::nullopt;
  try {
    return tiff.read_directory(*offset);
  } catch (const Malformed&) {
    return std::nullopt;
  }
}

ByteSpan read_exif_block(Tiff& tiff, const TiffDirectory& ifd0) {
  std::vector<std::pair<ExifIfd, TiffDirectory>> directories = {{EXIF_IFD_0, ifd0}};
  std::optional<std::uint64_t> interoperability = find_offset(tiff, ifd0, kInteroperabilityIfd);
  for (const auto& [tag, ifd] : kSubDirectories) {
    std::optional<TiffDirectory> directory = read_sub_directory(tiff, ifd0, tag);
    if (!directory) continue;
    TiffExif::want(tiff, *directory, ifd);
    if (!interoperability) interoperability = find_offset(tiff, *directory, kInteroperabilityIfd);
    directories.emplace_back(ifd, *std::move(directory));
  }
  if (interoperability) tiff.want_directory(*interoperability);
  tiff.fetch_wanted();
  if (interoperability) {
    try {
      directories.emplace_back(EXIF_IFD_INTEROPERABILITY, tiff.read_directory(*interoperability));
    } catch (const Malformed&) {
      // The others stand.
    }
  }
  TiffExif exif(tiff.order());
  for (const auto& [ifd, directory] : directories) exif.add(tiff, directory, ifd);
  return tiff.bytes().keep(exif.build());
}

// IIM datasets begin with this marker (IPTC-IIM 4.2, 1.6).
constexpr std::uint8_t kDatasetMarker = 0x1C;

// The stream is bytes, but some write it as LONGs, and of these some turn each of them round.
ByteSpan to_iptc_stream(Tiff& tiff, const TiffEntry& entry) {
  constexpr std::size_t kWord = 4;
  const ByteSpan data = tiff.value(entry);
  const bool is_turned = entry.type == kTiffLong && data.size() >= kWord &&
                         data[0] != kDatasetMarker && data[kWord - 1] == kDatasetMarker;
  if (!is_turned) return data;
  std::vector<std::uint8_t> turned(data.begin(), data.end() - data.size() % kWord);
  for (auto word = turned.begin(); word != turned.end(); word += kWord) {
    std::reverse(word, word + kWord);
  }
  return tiff.bytes().keep(std::move(turned));
}

}  // namespace

void want_tiff_metadata(Tiff& tiff, const TiffDirectory& ifd0, const Wanted& wanted) {
  for (const Block& block : kBlocks) {
    if (!(wanted.*block.wanted)) continue;
    if (const TiffEntry* entry = find_block(ifd0, block.tag)) tiff.want_value(*entry);
  }
  if (const TiffEntry* entry = ifd0.find(kPhotoshop); entry != nullptr && wanted.iptc) {
    tiff.want(tiff_resources_head({entry->position, entry->length}));
  }
  if (!wanted.exif) return;
  TiffExif::want(tiff, ifd0, EXIF_IFD_0);
  for (const SubDirectory& sub : kSubDirectories) {
    if (const auto offset = find_offset(tiff, ifd0, sub.tag)) tiff.want_directory(*offset);
  }
}

MetadataBlocks read_tiff_metadata(Tiff& tiff, const TiffDirectory& ifd0, const Wanted& wanted) {
  MetadataBlocks blocks;
  if (wanted.exif) blocks.exif = read_exif_block(tiff, ifd0);
  if (wanted.iptc) {
    if (const TiffEntry* entry = find_block(ifd0, kIptc))
      blocks.iptc = to_iptc_stream(tiff, *entry);
    if (const TiffEntry* entry = ifd0.find(kPhotoshop)) {
      read_tiff_resources(tiff.bytes(), {entry->position, entry->length}, blocks);
    }
  }
  if (wanted.xmp) {
    const TiffEntry* entry = find_block(ifd0, kXmp);
    if (entry != nullptr && entry->length != 0) blocks.xmp.push_back(tiff.value(*entry));
  }
  return blocks;
}

}  // namespace imgpeek
