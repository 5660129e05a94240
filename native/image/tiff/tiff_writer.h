// Small TIFF structures of our own making.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "image/tiff/tiff_directory.h"

namespace imgpeek {

// A field to write: its value in the structure's byte order, or the directory that it points to.
struct NewTiffField {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint32_t count = 0;
  std::vector<std::uint8_t> value;
  std::optional<std::size_t> directory;  // a place in what is given to write_tiff()

  // A field that points to a directory.
  static NewTiffField pointer(std::uint16_t tag, std::size_t directory);
  // A field of one LONG, and of SHORTs.
  static NewTiffField long_value(std::uint16_t tag, std::uint32_t value, ByteOrder order);
  static NewTiffField short_values(std::uint16_t tag, std::span<const std::uint16_t> values,
                                   ByteOrder order);
};

using NewTiffDirectory = std::vector<NewTiffField>;

// `value` as `length` bytes, at the end of `out`.
void append_integer(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned length,
                    ByteOrder order);

// A classic TIFF of these directories, the first of which is IFD 0; the others hang on pointers.
// Fields are sorted by tag. Directories that are empty are left out, as are pointers to them. The
// caller bounds the whole to less than 4 GiB.
std::vector<std::uint8_t> write_tiff(std::vector<NewTiffDirectory> directories, ByteOrder order);

}  // namespace imgpeek
