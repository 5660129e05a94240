#include "image/tiff/tiff_pixel_format.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "image/tiff/tiff_tags.h"
#include "image/tiff/tiff_writer.h"
#include "image/vips_header.h"

namespace imgpeek {
namespace {

// What libvips' choice hangs on. The colour map does where it is grey throughout.
constexpr std::array kDecisiveTags = {kBitsPerSample,   kCompression,  kPhotometricInterpretation,
                                      kSamplesPerPixel, kColorMap,     kInkSet,
                                      kExtraSamples,    kSampleFormat, kYcbcrSubsampling};

// A colour map of 16-bit indices has 3 * 65536 SHORTs.
constexpr std::uint64_t kMaxValue = std::uint64_t{3} * 65536 * 2;

// The entries of the decisive tags, and of no palette that is not used.
std::vector<TiffEntry> decisive_entries(Tiff& tiff, const TiffDirectory& ifd0) {
  std::vector<TiffEntry> entries;
  for (const std::uint16_t tag : kDecisiveTags) {
    if (tag == kColorMap && tiff.number(ifd0, kPhotometricInterpretation) != kPalette) continue;
    const TiffEntry* entry = ifd0.find(tag);
    if (entry != nullptr && entry->length <= kMaxValue) entries.push_back(*entry);
  }
  return entries;
}

}  // namespace

void want_tiff_pixel_format(Tiff& tiff, const TiffDirectory& ifd0) {
  for (const TiffEntry& entry : decisive_entries(tiff, ifd0)) tiff.want_value(entry);
}

// libvips reads every page, the arrays of strips and all metadata; libtiff the first strip of a
// JPEG for its subsampling. All of that takes requests and changes nothing in the format: it gets
// a TIFF of a single pixel that says the same of it.
void read_tiff_pixel_format(Tiff& tiff, const TiffDirectory& ifd0, Image& image) {
  const ByteOrder order = tiff.order();
  constexpr std::array<std::uint16_t, 2> kHalved = {2, 2};
  NewTiffDirectory fields;
  for (const TiffEntry& entry : decisive_entries(tiff, ifd0)) {
    const ByteSpan value = tiff.value(entry);
    if (value.size() != entry.length) continue;
    fields.push_back({entry.tag,
                      entry.type,
                      static_cast<std::uint32_t>(entry.count),
                      {value.begin(), value.end()},
                      std::nullopt});
  }
  for (const std::uint16_t tag : {kImageWidth, kImageLength, kRowsPerStrip, kStripByteCounts}) {
    fields.push_back(NewTiffField::long_value(tag, 1, order));
  }
  fields.push_back(NewTiffField::long_value(kStripOffsets, 4, order));
  const bool is_jpeg = tiff.number(ifd0, kCompression) == kJpeg;
  if (is_jpeg && ifd0.find(kYcbcrSubsampling) == nullptr) {
    fields.push_back(NewTiffField::short_values(kYcbcrSubsampling, kHalved, order));
  }
  read_pixel_format(write_tiff({std::move(fields)}, order), image);
}

}  // namespace imgpeek
