#include "metadata/photoshop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imgpeek {
namespace {

// "Image Resource IDs"
constexpr std::uint16_t kResolutionInfo = 0x03ED;
constexpr std::uint16_t kIptc = 0x0404;
constexpr std::uint16_t kExif = 0x0422;
constexpr std::uint16_t kXmp = 0x0424;

// Photoshop's own signature, then those of ImageReady, PhotoDeluxe, Lightroom and of DCS files.
constexpr std::array<std::string_view, 5> kSignatures = {"8BIM", "MeSa", "PHUT", "AgHg", "DCSR"};
constexpr std::size_t kSignatureSize = 4;

// No writer comes near it; it bounds the walk over a block of empty resources.
constexpr unsigned kMaxResources = 10'000;

bool has_signature(ByteSpan blocks, std::size_t at) {
  if (blocks.size() - at < kSignatureSize) return false;
  const std::string_view found = as_text(blocks.subspan(at, kSignatureSize));
  return std::ranges::find(kSignatures, found) != kSignatures.end();
}

// A unit as the file has it: 1 to 5 for widths and heights, 1 and 2 for resolutions.
void add_unit(Object& to, std::string key, std::uint16_t unit) {
  constexpr std::array<std::string_view, 5> kUnits = {"inches", "cm", "points", "picas", "columns"};
  if (unit >= 1 && unit <= kUnits.size()) to.add(std::move(key), std::string(kUnits.at(unit - 1U)));
}

// A 16.16 number, rounded to the four places that its fraction can tell.
double fixed_point(std::uint32_t value) {
  constexpr double kOne = 65536;
  constexpr double kPlaces = 10'000;
  return std::round(static_cast<std::int32_t>(value) / kOne * kPlaces) / kPlaces;
}

// ResolutionInfo: for each axis the resolution, its unit, and the unit of the image's extent.
Object read_resolution(ByteSpan data) {
  constexpr std::size_t kSize = 16;
  if (data.size() < kSize) return {};
  Object resolution;
  resolution.add("XResolution", fixed_point(be32(data, 0)));
  add_unit(resolution, "XResolutionUnit", be16(data, 4));
  add_unit(resolution, "WidthUnit", be16(data, 6));
  resolution.add("YResolution", fixed_point(be32(data, 8)));
  add_unit(resolution, "YResolutionUnit", be16(data, 12));
  add_unit(resolution, "HeightUnit", be16(data, 14));
  return resolution;
}

void take(std::uint16_t id, ByteSpan data, PhotoshopResources& resources) {
  const auto keep_first = [data](ByteSpan& span) {
    if (span.empty()) span = data;
  };
  switch (id) {
    case kResolutionInfo:
      if (resources.resolution.empty()) resources.resolution = read_resolution(data);
      break;
    case kIptc:
      keep_first(resources.iptc);
      break;
    case kExif:
      keep_first(resources.exif);
      break;
    case kXmp:
      keep_first(resources.xmp);
      break;
    default:
      break;
  }
}

}  // namespace

PhotoshopResources read_photoshop(ByteSpan blocks) {
  PhotoshopResources resources;
  std::size_t at = 0;
  // Some writers leave out the byte that pads a resource of odd size.
  bool pad_may_be_missing = false;
  for (unsigned count = 0; count < kMaxResources && at <= blocks.size(); ++count) {
    if (!has_signature(blocks, at)) {
      if (!pad_may_be_missing || !has_signature(blocks, at - 1)) break;
      --at;
    }
    // The signature, the id (2), the name (a length byte, its text, padded to even), the size (4).
    constexpr std::size_t kNameOffset = kSignatureSize + 2;
    if (blocks.size() - at <= kNameOffset) break;
    const std::size_t name_size = (blocks[at + kNameOffset] + 2U) & ~1U;
    const std::size_t size_offset = at + kNameOffset + name_size;
    const std::size_t data_offset = size_offset + 4;
    if (data_offset > blocks.size()) break;
    const std::size_t size = be32(blocks, size_offset);
    // A resource that is cut off is given as far as it goes.
    const std::size_t held = std::min(size, blocks.size() - data_offset);
    take(be16(blocks, at + kSignatureSize), blocks.subspan(data_offset, held), resources);
    at = data_offset + size + (size & 1U);
    pad_may_be_missing = (size & 1U) != 0;
  }
  return resources;
}

}  // namespace imgpeek
