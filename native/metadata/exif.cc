#include "metadata/exif.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metadata/exif_format.h"
#include "metadata/exif_tags.h"
#include "metadata/exif_text.h"
#include "metadata/tiff_block.h"

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

Object read_exif(ByteSpan exif, bool canonical, Effort effort) {
  const auto tiff = TiffBlock::find(exif);
  if (!tiff) return {};
  Directories directories;
  read_directories(*tiff, EXIF_IFD_0, tiff->first_directory(), directories);
  ExifFormatter formatter(tiff->big_endian(), directories[EXIF_IFD_0]);
  Object object;
  object.reserve(directories[EXIF_IFD_0].size() + directories[EXIF_IFD_EXIF].size());
  std::size_t told = 0;
  for (const ExifIfd directory : kDirectories) {
    for (const TiffField& field : directories.at(directory)) {
      const ExifTagNames* names = exif_tag_names(directory, field.tag);
      if (names == nullptr || field.data.empty() || field.type > EXIF_FORMAT_DOUBLE) continue;
      const std::string_view key = canonical ? names->name : names->title;
      if (object.find(key) != nullptr) continue;
      auto special = exif_text(*tiff, field);
      std::string text = special ? *std::move(special) : formatter.format(directory, field);
      told += text.size();
      if (effort == Effort::kBrief && told > kMaxBriefText) throw TooLong{};
      if (told > kMaxText) return object;
      object.append(std::string(key), std::move(text));
    }
  }
  return object;
}

}  // namespace imgpeek
