#include <algorithm>
#include <array>
#include <vector>

#include "image/box.h"
#include "image/cr3.h"
#include "image/field_reader.h"
#include "image/heif/heif_items.h"
#include "image/heif/heif_metadata.h"
#include "image/heif/heif_pixel_format.h"
#include "image/heif/heif_properties.h"
#include "image/heif/heif_sequence.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

// Brands past this many bytes of `ftyp` are not looked at.
constexpr std::uint64_t kMaxFileTypeLength = 1024;
// 6.6.2: the descriptor of a grid or an overlay; of an overlay it goes on with offsets.
constexpr std::uint64_t kMaxDescriptorLength = 64;

constexpr FourCc kCr3Brand = fourcc("crx ");

// ISO/IEC 23008-12, 10: files of still pictures, and of image sequences.
constexpr std::array kStillBrands = {
    fourcc("mif1"), fourcc("mif2"), fourcc("mif3"), fourcc("heic"), fourcc("heix"), fourcc("heim"),
    fourcc("heis"), fourcc("avif"), fourcc("miaf"), fourcc("avci"), fourcc("jpeg"), fourcc("j2ki"),
    fourcc("vvic"), fourcc("evbi"), fourcc("MiHB"), fourcc("MiHE"), fourcc("MA1A"), fourcc("MA1B"),
};
constexpr std::array kSequenceBrands = {
    fourcc("msf1"), fourcc("hevc"), fourcc("hevx"), fourcc("hevm"), fourcc("hevs"), fourcc("avis"),
    fourcc("avcs"), fourcc("jpgs"), fourcc("j2is"), fourcc("vvis"), fourcc("evbs"),
};

template <typename Brands>
bool contains(const Brands& brands, FourCc brand) {
  return std::find(brands.begin(), brands.end(), brand) != brands.end();
}

bool is_picture_brand(FourCc brand) {
  return contains(kStillBrands, brand) || contains(kSequenceBrands, brand);
}

// The brands of the file, the major one first; none where it does not start with `ftyp`.
std::vector<FourCc> read_brands(Bytes& bytes) {
  std::vector<FourCc> brands;
  if (!bytes.matches(4, "ftyp")) return brands;
  const std::optional<Box> ftyp = top_level_boxes(bytes).next();
  if (!ftyp) return brands;
  const ByteSpan fields =
      bytes.read_up_to(ftyp->body, std::min(ftyp->body_length(), kMaxFileTypeLength));
  for (std::size_t offset = 0; offset + sizeof(FourCc) <= fields.size(); offset += sizeof(FourCc)) {
    const bool minor_version = offset == sizeof(FourCc);
    if (!minor_version) brands.push_back(be32(fields, offset));
  }
  return brands;
}

// True where a `meta` box of pictures comes before any `moov`.
bool begins_with_picture_items(Bytes& bytes) {
  BoxWalker boxes = top_level_boxes(bytes);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("moov")) return false;
    if (box->type != fourcc("meta")) continue;
    const std::optional<Box> hdlr = find_child(bytes, *box, fourcc("hdlr"), kFullBoxHeader);
    return hdlr && bytes.matches(hdlr->body + kFullBoxHeader + 4, "pict");
  }
  return false;
}

// By the codec of the picture, else by the brands.
void set_format(FourCc codec, const std::vector<FourCc>& brands, Image& image) {
  const bool av1 = codec == fourcc("av01");
  const bool hevc = codec == fourcc("hvc1") || codec == fourcc("hev1") || codec == fourcc("lhv1") ||
                    codec == fourcc("hvt1");
  const bool unknown = codec == 0;
  if (av1 || (unknown && (contains(brands, fourcc("avif")) || contains(brands, fourcc("avis"))))) {
    image.format = "avif";
    image.mime_type = "image/avif";
  } else if (!hevc && (!unknown || !contains(brands, fourcc("heic")))) {
    image.format = "heif";
    image.mime_type = "image/heif";
  }
}

// ISO/IEC 23008-12, 6.6.2.2.2 and 6.6.2.3.2: the output size in the descriptor of a derived item.
std::optional<ImageSize> read_descriptor(Bytes& bytes, const HeifItems& items,
                                         const HeifItem& item) {
  const bool grid = item.type == fourcc("grid");
  if (!grid && item.type != fourcc("iovl")) return std::nullopt;
  const std::vector<Range> ranges = items.locate(item.id);
  if (ranges.empty()) return std::nullopt;
  const std::uint64_t length = std::min(ranges[0].length, kMaxDescriptorLength);
  FieldReader fields(bytes.read_up_to(ranges[0].offset, length));
  fields.skip(1);
  const std::size_t size_length = (fields.u8() & 1U) != 0 ? 4 : 2;
  fields.skip(grid ? 2 : 8);  // rows and columns, or the fill colour
  const std::uint64_t width = fields.integer(size_length);
  return ImageSize{width, fields.integer(size_length)};
}

std::optional<ImageSize> read_size(Bytes& bytes, const HeifItems& items,
                                   const HeifProperties& properties, ItemId primary) {
  if (const auto size = properties.displayed_size(primary)) return size;
  const HeifItem* item = items.find(primary);
  if (item == nullptr) return std::nullopt;
  if (const auto size = read_descriptor(bytes, items, *item)) {
    return properties.transform(primary, *size);
  }
  // An identity derivation is its source, turned.
  const ItemId source = find_coded_item(items, primary);
  if (source == primary) return std::nullopt;
  if (const auto size = properties.displayed_size(source)) {
    return properties.transform(primary, *size);
  }
  return std::nullopt;
}

// As libheif counts top-level images: shown, and neither thumbnails nor planes of others, nor a
// tone mapping of a picture with its gain map, which is another rendition of it.
std::uint64_t count_pictures(const HeifItems& items) {
  const std::vector<ItemId> thumbnails = items.referrers(fourcc("thmb"));
  const std::vector<ItemId> auxiliaries = items.referrers(fourcc("auxl"));
  const auto count =
      std::count_if(items.all().begin(), items.all().end(), [&](const HeifItem& item) {
        return is_image_item(item.type) && item.type != fourcc("tmap") && !item.hidden &&
               !std::binary_search(thumbnails.begin(), thumbnails.end(), item.id) &&
               !std::binary_search(auxiliaries.begin(), auxiliaries.end(), item.id);
      });
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(count));
}

// What the items tell; leaves the size at 0 where they tell no picture.
void read_still(Bytes& bytes, const Box& meta, const Wanted& wanted,
                const std::vector<FourCc>& brands, Image& image) {
  const HeifItems items(bytes, meta);
  const std::optional<ItemId> primary = items.primary();
  if (!primary) return;
  const HeifProperties properties(bytes, items.properties());
  const HeifItem* coded = items.find(find_coded_item(items, *primary));
  set_format(coded != nullptr ? coded->type : 0, brands, image);
  if (const auto size = read_size(bytes, items, properties, *primary)) {
    image.width = size->width;
    image.height = size->height;
  }
  if (wanted.pixel_format()) read_heif_pixel_format(items, properties, *primary, image);
  if (wanted.pages_number) image.pages = count_pictures(items);
  read_heif_metadata(bytes, items, *primary, wanted, image);
}

}  // namespace

bool is_heif(Bytes& bytes) {
  const std::vector<FourCc> brands = read_brands(bytes);
  if (brands.empty()) return false;
  if (brands[0] == kCr3Brand || is_picture_brand(brands[0])) return true;
  // Under another major brand it is a video that holds pictures too, unless it holds nothing else.
  return std::any_of(brands.begin(), brands.end(), is_picture_brand) &&
         begins_with_picture_items(bytes);
}

void read_heif(Bytes& bytes, const Wanted& wanted, Image& image) {
  const std::vector<FourCc> brands = read_brands(bytes);
  if (brands.empty()) throw Malformed("heif: no file type");
  if (brands[0] == kCr3Brand) {
    read_cr3(bytes, wanted, image);
    return;
  }
  image.turned_by_exif = false;
  const std::optional<Box> meta = find_top_level_box(bytes, fourcc("meta"));
  if (meta) read_still(bytes, *meta, wanted, brands, image);

  const bool has_picture = image.width != 0 && image.height != 0;
  if (has_picture && !(wanted.pages_number && contains(kSequenceBrands, brands[0]))) return;
  const std::optional<ImageSequence> sequence = read_image_sequence(bytes);
  if (sequence && !has_picture) {
    image.width = sequence->size.width;
    image.height = sequence->size.height;
    set_format(sequence->codec, brands, image);
  }
  if (sequence) image.pages = std::max<std::uint64_t>(1, sequence->frames);
  if (image.width == 0 || image.height == 0) throw Malformed("heif: no picture");
}

}  // namespace imgpeek
