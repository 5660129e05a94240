// The items of a HEIF file: what its `meta` box says of them, and where their data lies
// (ISO/IEC 14496-12, 8.11).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "image/box.h"

namespace imgpeek {

using ItemId = std::uint32_t;

struct HeifItem {
  ItemId id = 0;
  FourCc type = 0;
  bool hidden = false;
  std::string_view content_type;      // of a `mime` item
  std::string_view content_encoding;  // likewise; empty if it is stored plain
};

// Spans and views live as long as the Bytes.
class HeifItems {
 public:
  // Finds the boxes in `meta` and reads those that tell of items. Throws Missing. What is damaged
  // counts as far as it can be read.
  HeifItems(Bytes& bytes, const Box& meta);

  // `pitm`, or the first image where there is none.
  std::optional<ItemId> primary() const;

  // By ascending id.
  std::span<const HeifItem> all() const { return items_; }
  const HeifItem* find(ItemId id) const;

  // The items that `from` refers to by `type` (`dimg`, `cdsc`, …), in order.
  std::vector<ItemId> references(ItemId from, FourCc type) const;
  // The items that refer to any of `to`, which is sorted, by `type`, in the order of the file.
  std::vector<ItemId> referrers(FourCc type, std::span<const ItemId> to) const;
  // The items that refer to anything by `type`, sorted.
  std::vector<ItemId> referrers(FourCc type) const;

  // Where the data of an item lies; empty where that is not told, or not in this file.
  std::vector<Range> locate(ItemId id) const { return locate(id, 0); }

  const std::optional<Box>& properties() const { return iprp_; }

 private:
  struct Reference {
    FourCc type = 0;
    ItemId from = 0;
    ByteSpan to;  // ids of id_length bytes each
    std::size_t id_length = 0;

    std::size_t size() const { return to.size() / id_length; }
    ItemId operator[](std::size_t index) const;
  };

  void read_items(const Box& iinf);
  void read_item(const Box& infe);
  void read_references(const Box& iref);
  std::vector<Range> locate(ItemId id, int depth) const;

  Bytes& bytes_;
  std::optional<ItemId> primary_;
  std::vector<HeifItem> items_;
  std::vector<Reference> references_;
  ByteSpan iloc_;
  std::optional<Box> idat_;
  std::optional<Box> iprp_;
};

// True for the item types that are pictures, coded or derived.
bool is_image_item(FourCc type);

}  // namespace imgpeek
