// The properties of HEIF items (ISO/IEC 23008-12, 9.3 and 6.5).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"
#include "image/heif/heif_items.h"

namespace imgpeek {

struct ImageSize {
  std::uint64_t width = 0;
  std::uint64_t height = 0;

  bool operator==(const ImageSize&) const = default;
};

class HeifProperties {
 public:
  // `iprp` may be none. Neither argument may be outlived. Throws Missing; what is damaged counts as
  // far as it can be read.
  HeifProperties(Bytes& bytes, const std::optional<Box>& iprp);

  // The properties of an item, in the order in which they apply.
  std::vector<Box> of(ItemId id) const;
  // The contents of the item's first property of that type, empty if it has none. Throws Missing.
  ByteSpan read(ItemId id, FourCc type) const;

  // The size of an item as shown: `ispe`, cut and turned by its `clap` and `irot`. None without an
  // `ispe`. Throws Missing.
  std::optional<ImageSize> displayed_size(ItemId id) const;
  // `size` after the item's `clap` and `irot`.
  ImageSize transform(ItemId id, ImageSize size) const;

 private:
  struct Association {
    ItemId id = 0;
    ByteSpan indices;
    bool wide = false;  // indices of 15 bits, not 7
  };

  void read_associations(const Box& ipma);

  Bytes& bytes_;
  std::vector<Box> properties_;
  std::vector<Association> associations_;  // sorted by id
};

}  // namespace imgpeek
