#include "metadata/exif.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "metadata/exif_format.h"
#include "metadata/exif_tags.h"
#include "metadata/exif_text.h"
#include "metadata/tiff_block.h"
#include "value.h"

namespace imgpeek {
namespace {

// The directories that are told of, in the order in which they win.
constexpr std::array<ExifIfd, 4> kDirectories = {EXIF_IFD_0, EXIF_IFD_EXIF, EXIF_IFD_GPS,
                                                 EXIF_IFD_INTEROPERABILITY};

// Fields may share their bytes, so that a small block could tell much: no more than this, in bytes.
constexpr std::size_t kMaxText = 1 << 20;
// And read briefly no more than this.
constexpr std::size_t kMaxBriefText = 1 << 14;

using Directories = std::array<std::vector<TiffField>, EXIF_IFD_COUNT>;

// EXIF 2.32, 4.6.3: the fields that point to a directory, wherever they stand.
std::optional<ExifIfd> pointed_to(const TiffField& field) {
  switch (field.tag) {
    case EXIF_TAG_EXIF_IFD_POINTER:
      return EXIF_IFD_EXIF;
    case EXIF_TAG_GPS_INFO_IFD_POINTER:
      return EXIF_IFD_GPS;
    case EXIF_TAG_INTEROPERABILITY_IFD_POINTER:
      return EXIF_IFD_INTEROPERABILITY;
    default:
      return std::nullopt;
  }
}

// Reads the directory at `offset` and those that it points to. The first of a kind counts, which
// bounds loops.
void read_directories(const TiffBlock& tiff, ExifIfd directory, std::uint32_t offset,
                      Directories& directories) {
  auto& fields = directories.at(directory);
  if (!fields.empty()) return;
  fields = tiff.directory(offset);
  for (const TiffField& field : fields) {
    if (const auto target = pointed_to(field)) {
      read_directories(tiff, *target, field.offset, directories);
    }
  }
}

}  // namespace

std::string read_exif(ByteSpan exif, bool canonical, Effort effort) {
  const auto tiff = TiffBlock::find(exif);
  if (!tiff) return "{}";
  Directories directories;
  read_directories(*tiff, EXIF_IFD_0, tiff->first_directory(), directories);
  ExifFormatter formatter(tiff->big_endian(), directories[EXIF_IFD_0]);
  // Texts alone, so that the object is written as it is read.
  std::string json = "{";
  std::vector<std::string_view> keys;
  std::size_t told = 0;
  for (const ExifIfd directory : kDirectories) {
    for (const TiffField& field : directories.at(directory)) {
      const ExifTagNames* names = exif_tag_names(directory, field.tag);
      if (names == nullptr || field.data.empty() || field.type > EXIF_FORMAT_DOUBLE) continue;
      const std::string_view key = canonical ? names->name : names->title;
      if (std::ranges::find(keys, key) != keys.end()) continue;
      auto special = exif_text(*tiff, field);
      const std::string text = special ? *std::move(special) : formatter.format(directory, field);
      told += text.size();
      if (effort == Effort::kBrief && told > kMaxBriefText) throw TooLong{};
      if (told > kMaxText) return json + '}';
      if (!keys.empty()) json += ',';
      append_json_text(json, key);
      json += ':';
      append_json_text(json, text);
      keys.push_back(key);
    }
  }
  return json + '}';
}

}  // namespace imgpeek
