#include "image/heif/heif_pixel_format.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "image/field_reader.h"

namespace imgpeek {
namespace {

// Derived items of derived items: nobody writes more.
constexpr int kMaxDerivations = 4;
// A picture has an alpha plane, a depth map, a gain map, mattes.
constexpr std::size_t kMaxAuxiliaryItems = 64;
constexpr unsigned kByteDepth = 8;

bool is_derived(FourCc type) {
  return type == fourcc("grid") || type == fourcc("iden") || type == fourcc("iovl");
}

// The bits of a luma sample; 0 where the properties do not tell.
unsigned read_depth(const HeifItems& items, const HeifProperties& properties, ItemId primary) {
  const ItemId coded = find_coded_item(items, primary);
  // ISO/IEC 14496-15, 8.3.3.1.2: bit_depth_luma_minus8.
  if (const ByteSpan hvcc = properties.read(coded, fourcc("hvcC")); hvcc.size() > 17) {
    return (hvcc[17] & 7U) + kByteDepth;
  }
  // AV1 in ISOBMFF, 2.3.3: high_bitdepth and twelve_bit.
  if (const ByteSpan av1c = properties.read(coded, fourcc("av1C")); av1c.size() > 2) {
    if ((av1c[2] & 0x40U) == 0) return kByteDepth;
    return (av1c[2] & 0x20U) != 0 ? 12 : 10;
  }
  // ISO/IEC 23008-12, 6.5.6: num_channels, then the bits of each.
  for (const ItemId id : {coded, primary}) {
    const ByteSpan pixi = properties.read(id, fourcc("pixi"));
    if (pixi.size() > kFullBoxHeader + 1) return pixi[kFullBoxHeader + 1];
  }
  const HeifItem* item = items.find(coded);
  return item != nullptr && item->type == fourcc("jpeg") ? kByteDepth : 0;
}

// As libheif has it, an alpha plane of another size than its picture's is not one.
bool fits(const HeifItems& items, const HeifProperties& properties, ItemId plane) {
  const std::vector<ItemId> pictures = items.references(plane, fourcc("auxl"));
  if (pictures.empty()) return false;
  const auto size = properties.displayed_size(plane);
  return size && size == properties.displayed_size(pictures.front());
}

bool is_alpha(const HeifProperties& properties, ItemId id) {
  static constexpr std::array<std::string_view, 3> kAlphaTypes = {
      "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
      "urn:mpeg:hevc:2015:auxid:1",
      "urn:mpeg:avc:2015:auxid:1",
  };
  const ByteSpan auxc = properties.read(id, fourcc("auxC"));
  if (auxc.size() < kFullBoxHeader) return false;
  const std::string_view type = FieldReader(auxc.subspan(kFullBoxHeader)).text();
  return std::find(kAlphaTypes.begin(), kAlphaTypes.end(), type) != kAlphaTypes.end();
}

bool has_alpha(const HeifItems& items, const HeifProperties& properties, ItemId primary) {
  std::vector<ItemId> pictures = items.references(primary, fourcc("dimg"));
  const HeifItem* item = items.find(primary);
  // A grid is transparent where its tiles are.
  if (item == nullptr || item->type != fourcc("grid")) pictures.clear();
  pictures.push_back(primary);
  std::sort(pictures.begin(), pictures.end());
  std::vector<ItemId> auxiliaries = items.referrers(fourcc("auxl"), pictures);
  if (auxiliaries.size() > kMaxAuxiliaryItems) auxiliaries.resize(kMaxAuxiliaryItems);
  return std::any_of(auxiliaries.begin(), auxiliaries.end(), [&](ItemId id) {
    return is_alpha(properties, id) && fits(items, properties, id);
  });
}

}  // namespace

ItemId find_coded_item(const HeifItems& items, ItemId id) {
  for (int i = 0; i < kMaxDerivations; ++i) {
    const HeifItem* item = items.find(id);
    if (item == nullptr || !is_derived(item->type)) break;
    const std::vector<ItemId> sources = items.references(id, fourcc("dimg"));
    if (sources.empty()) break;
    id = sources.front();
  }
  return id;
}

void read_heif_pixel_format(const HeifItems& items, const HeifProperties& properties,
                            ItemId primary, Image& image) {
  const unsigned depth = read_depth(items, properties, primary);
  if (depth == 0) return;
  image.colorspace = depth > kByteDepth ? "rgb16" : "srgb";
  image.sample_format = depth > kByteDepth ? "ushort" : "uchar";
  image.bands = has_alpha(items, properties, primary) ? 4 : 3;
}

}  // namespace imgpeek
