#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "image/embedded_jpeg.h"
#include "image/readers.h"
#include "image/tiff/raw.h"
#include "image/tiff/tiff_directory.h"
#include "image/tiff/tiff_metadata.h"
#include "image/tiff/tiff_pages.h"
#include "image/tiff/tiff_pixel_format.h"
#include "image/tiff/tiff_tags.h"

namespace imgpeek {
namespace {

using namespace std::literals;

// TIFF, BigTIFF, Olympus' and Panasonic's RAWs, JPEG XR.
constexpr std::array kMagics = {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv,     "IIRO"sv,
                                "IIRS"sv,  "MMOR"sv,  "IIU\0"sv, "II\xBC\x01"sv};
constexpr std::string_view kPanasonicMagic = "IIU\0"sv;
constexpr std::string_view kJpegXrMagic = kMagics.back();

// The preview that Panasonic's RAWs hold, whose EXIF is fuller than that of the file; of no length
// where there is none.
Range find_preview(Bytes& bytes, const TiffDirectory& ifd0) {
  const TiffEntry* entry = ifd0.find(kJpgFromRaw);
  if (entry == nullptr || !bytes.matches(0, kPanasonicMagic)) return {};
  return {entry->position, entry->length};
}

// What the file itself does not hold is taken from its preview.
void add_preview(Bytes& bytes, Range preview, const Wanted& wanted, MetadataBlocks& blocks) {
  if (preview.length == 0) return;
  const MetadataBlocks found = read_embedded_jpeg(bytes, preview, wanted).metadata;
  if (!found.exif.empty()) blocks.exif = found.exif;
  if (blocks.iptc.empty()) blocks.iptc = found.iptc;
  if (blocks.photoshop.empty()) blocks.photoshop = found.photoshop;
  if (blocks.xmp.empty()) blocks.xmp = found.xmp;
}

int orientation_of(Tiff& tiff, const TiffDirectory& directory) {
  constexpr std::uint64_t kUnknown = 9;
  return static_cast<int>(std::min(tiff.number(directory, kOrientation).value_or(1), kUnknown));
}

// The first directory behind one without a size that has one; the same directory where none has.
TiffDirectory find_picture(Tiff& tiff, TiffDirectory directory) {
  constexpr std::size_t kMaxDirectories = 16;
  std::vector<std::uint64_t> seen = {tiff.first_directory()};
  for (std::uint64_t next = directory.next; next != 0 && seen.size() < kMaxDirectories;) {
    if (std::find(seen.begin(), seen.end(), next) != seen.end()) break;
    seen.push_back(next);
    TiffDirectory found;
    try {
      found = tiff.read_directory(next);
    } catch (const Malformed&) {
      break;
    }
    if (tiff.number(found, kImageWidth).value_or(0) != 0 &&
        tiff.number(found, kImageLength).value_or(0) != 0) {
      return found;
    }
    next = found.next;
  }
  return directory;
}

}  // namespace

bool is_tiff(Bytes& bytes) {
  return std::any_of(kMagics.begin(), kMagics.end(),
                     [&bytes](std::string_view magic) { return bytes.matches(0, magic); });
}

// Everything that IFD 0 points to is announced first and fetched at once, then read.
void read_tiff(Bytes& bytes, const Wanted& wanted, Image& image) {
  const bool wants_values = wanted.metadata() || wanted.pixel_format();
  Tiff tiff(bytes, wants_values ? TiffReach::kValues : TiffReach::kEntries);
  const TiffDirectory ifd0 = tiff.read_directory(tiff.first_directory());
  want_raw(tiff, ifd0);
  want_tiff_metadata(tiff, ifd0, wanted);
  if (wanted.pixel_format()) want_tiff_pixel_format(tiff, ifd0);
  const Range preview = wanted.metadata() ? find_preview(bytes, ifd0) : Range{};
  tiff.want(embedded_jpeg_head(preview));
  tiff.fetch_wanted();

  image.width = tiff.number(ifd0, kImageWidth).value_or(0);
  image.height = tiff.number(ifd0, kImageLength).value_or(0);
  image.orientation = orientation_of(tiff, ifd0);
  if (bytes.matches(0, kJpegXrMagic)) {
    image.format = "jxr";
    image.mime_type = "image/jxr";
    image.width = tiff.number(ifd0, kJpegXrImageWidth).value_or(0);
    image.height = tiff.number(ifd0, kJpegXrImageHeight).value_or(0);
  } else if (const std::optional<Raw> raw = read_raw(tiff, ifd0)) {
    image.raw = true;
    image.format = raw->format;
    image.mime_type = raw->mime_type;
    if (raw->width != 0 && raw->height != 0) {
      image.width = raw->width;
      image.height = raw->height;
    }
  } else if (wanted.pages_number) {
    image.pages = count_tiff_pages(tiff, ifd0);
  }
  image.metadata = read_tiff_metadata(tiff, ifd0, wanted);
  add_preview(bytes, preview, wanted, image.metadata);
  if (image.width != 0 && image.height != 0) {
    if (wanted.pixel_format()) read_tiff_pixel_format(tiff, ifd0, image);
    return;
  }
  const TiffDirectory picture = find_picture(tiff, ifd0);
  image.width = tiff.number(picture, kImageWidth).value_or(0);
  image.height = tiff.number(picture, kImageLength).value_or(0);
  if (image.width == 0 || image.height == 0) throw Malformed("tiff: no dimensions");
  if (!ifd0.find(kOrientation)) image.orientation = orientation_of(tiff, picture);
  if (!wanted.pixel_format()) return;
  want_tiff_pixel_format(tiff, picture);
  tiff.fetch_wanted();
  read_tiff_pixel_format(tiff, picture, image);
}

}  // namespace imgpeek
