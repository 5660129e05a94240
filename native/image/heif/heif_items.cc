#include "image/heif/heif_items.h"

#include <algorithm>
#include <array>

#include "image/field_reader.h"

namespace imgpeek {
namespace {

// A meta box up to this length is fetched whole, a longer one (with pictures in its `idat`, or a
// large profile) box by box.
constexpr std::uint64_t kWholeMetaLength = 65536;
// No box that is read is longer in a file that is meant well: it describes 65535 items.
constexpr std::uint64_t kMaxBoxLength = 4U << 20U;
constexpr unsigned kMaxItems = 65535;
constexpr std::size_t kMaxReferences = 65535;

// ISO/IEC 14496-12, 8.11.6.2: `infe` has item_type from version 2 on, and flag 1 hides the item.
constexpr unsigned kFirstTypedInfe = 2;
constexpr std::uint32_t kHiddenItem = 1;

ByteSpan read_contents(Bytes& bytes, const Box& box) {
  return read_body(bytes, box, kMaxBoxLength);
}

}  // namespace

bool is_image_item(FourCc type) {
  static constexpr std::array kImageTypes = {
      fourcc("hvc1"), fourcc("av01"), fourcc("grid"), fourcc("iden"), fourcc("iovl"),
      fourcc("avc1"), fourcc("jpeg"), fourcc("j2k1"), fourcc("vvc1"), fourcc("evc1"),
      fourcc("unci"), fourcc("lhv1"), fourcc("hvt1"), fourcc("tmap"),
  };
  return std::find(kImageTypes.begin(), kImageTypes.end(), type) != kImageTypes.end();
}

HeifItems::HeifItems(Bytes& bytes, const Box& meta) : bytes_(bytes) {
  if (meta.body_length() <= kWholeMetaLength) {
    bytes.require({{meta.body, meta.body_length()}});
  }
  std::optional<Box> pitm;
  std::optional<Box> iinf;
  std::optional<Box> iref;
  std::optional<Box> iloc;
  BoxWalker boxes(bytes, meta, kFullBoxHeader);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("pitm")) pitm = box;
    if (box->type == fourcc("iinf")) iinf = box;
    if (box->type == fourcc("iref")) iref = box;
    if (box->type == fourcc("iloc")) iloc = box;
    if (box->type == fourcc("idat")) idat_ = box;
    if (box->type == fourcc("iprp")) iprp_ = box;
  }
  std::vector<Range> wanted;
  for (const auto& box : {pitm, iinf, iref, iloc}) {
    if (box && box->body_length() <= kMaxBoxLength) {
      wanted.push_back({box->body, box->body_length()});
    }
  }
  bytes.require(wanted);

  try {
    if (iinf) read_items(*iinf);
  } catch (const Malformed&) {
    // The items that were read before the damage count.
  }
  std::stable_sort(items_.begin(), items_.end(),
                   [](const HeifItem& a, const HeifItem& b) { return a.id < b.id; });
  try {
    if (iref) read_references(*iref);
  } catch (const Malformed&) {
    // Likewise the references.
  }
  try {
    if (pitm) {
      FieldReader fields(read_contents(bytes, *pitm));
      const bool wide = fields.u32() >> 24U != 0;
      primary_ = wide ? fields.u32() : fields.u16();
    }
    if (iloc) iloc_ = read_contents(bytes, *iloc);
  } catch (const Malformed&) {
    // Then the first image is the primary one, or nothing can be located.
  }
}

void HeifItems::read_items(const Box& iinf) {
  const bool wide_count = read_full_box(bytes_, iinf).version != 0;
  BoxWalker entries(bytes_, iinf, kFullBoxHeader + (wide_count ? 4 : 2), kMaxItems);
  while (const std::optional<Box> entry = entries.next()) {
    if (entry->type == fourcc("infe")) read_item(*entry);
  }
}

void HeifItems::read_item(const Box& infe) {
  FieldReader fields(read_contents(bytes_, infe));
  const std::uint32_t version_and_flags = fields.u32();
  const unsigned version = version_and_flags >> 24U;
  if (version < kFirstTypedInfe) return;
  HeifItem item;
  item.hidden = (version_and_flags & kHiddenItem) != 0;
  item.id = version == kFirstTypedInfe ? fields.u16() : fields.u32();
  fields.skip(2);  // item_protection_index
  item.type = fields.u32();
  fields.text();  // item_name
  if (item.type == fourcc("mime")) {
    item.content_type = fields.text();
    item.content_encoding = fields.text();
  }
  items_.push_back(item);
}

void HeifItems::read_references(const Box& iref) {
  const std::size_t id_length = read_full_box(bytes_, iref).version == 0 ? 2 : 4;
  BoxWalker boxes(bytes_, iref, kFullBoxHeader, kMaxReferences);
  while (const std::optional<Box> box = boxes.next()) {
    FieldReader fields(read_contents(bytes_, *box));
    const auto from = static_cast<ItemId>(fields.integer(id_length));
    const std::size_t count = fields.u16();
    references_.push_back({box->type, from, fields.bytes(count * id_length), id_length});
  }
}

ItemId HeifItems::Reference::operator[](std::size_t index) const {
  return id_length == 2 ? be16(to, index * 2) : be32(to, index * 4);
}

std::optional<ItemId> HeifItems::primary() const {
  if (primary_) return primary_;
  for (const HeifItem& item : items_) {
    if (is_image_item(item.type) && !item.hidden) return item.id;
  }
  return std::nullopt;
}

const HeifItem* HeifItems::find(ItemId id) const {
  const auto found =
      std::lower_bound(items_.begin(), items_.end(), id,
                       [](const HeifItem& item, ItemId value) { return item.id < value; });
  return found != items_.end() && found->id == id ? &*found : nullptr;
}

std::vector<ItemId> HeifItems::references(ItemId from, FourCc type) const {
  std::vector<ItemId> to;
  for (const Reference& reference : references_) {
    if (reference.from != from || reference.type != type) continue;
    for (std::size_t i = 0; i < reference.size(); ++i) to.push_back(reference[i]);
  }
  return to;
}

std::vector<ItemId> HeifItems::referrers(FourCc type, std::span<const ItemId> to) const {
  std::vector<ItemId> from;
  for (const Reference& reference : references_) {
    if (reference.type != type) continue;
    for (std::size_t i = 0; i < reference.size(); ++i) {
      if (!std::binary_search(to.begin(), to.end(), reference[i])) continue;
      from.push_back(reference.from);
      break;
    }
  }
  return from;
}

std::vector<ItemId> HeifItems::referrers(FourCc type) const {
  std::vector<ItemId> from;
  for (const Reference& reference : references_) {
    if (reference.type == type) from.push_back(reference.from);
  }
  std::sort(from.begin(), from.end());
  return from;
}

}  // namespace imgpeek
