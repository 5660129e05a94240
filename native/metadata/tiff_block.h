// The TIFF structure that EXIF is kept in (TIFF 6.0, section 2), held whole in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"

namespace imgpeek {

// One entry of a directory. `data` is the value where it lies in the block, in its byte order.
struct TiffField {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint32_t count = 0;
  ByteSpan data;
  std::uint32_t offset = 0;  // what a pointer to a directory holds, whatever its type and count
};

// Offsets are in bytes from the byte-order mark. Lives no longer than the memory of its bytes.
class TiffBlock {
 public:
  // Finds the byte-order mark, past any "Exif\0\0" before it (there may be several: JPEG's prefix
  // that was copied into a container that has none, or has its own).
  static std::optional<TiffBlock> find(ByteSpan exif);

  bool big_endian() const { return big_endian_; }
  std::uint32_t first_directory() const { return u32(bytes_, 4); }

  // The integer at `offset` of `data`, in the block's byte order. Malformed where it does not fit.
  std::uint16_t u16(ByteSpan data, std::size_t offset) const;
  std::uint32_t u32(ByteSpan data, std::size_t offset) const;

  // The fields of the directory at `offset`, as far as it lies in the block. Those whose value
  // lies outside, is empty or of an unknown type have no data.
  std::vector<TiffField> directory(std::uint32_t offset) const;

 private:
  TiffBlock(ByteSpan bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}
  TiffField field(std::size_t offset) const;

  ByteSpan bytes_;
  bool big_endian_;
};

}  // namespace imgpeek
