// Reads the fields of a block one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bytes.h"

namespace imgpeek {

// Big-endian fields of a span that is held. Each throws Malformed where the span ends before.
// Not to outlive the span's memory.
class FieldReader {
 public:
  explicit FieldReader(ByteSpan data) : data_(data) {}

  std::size_t left() const { return data_.size() - offset_; }
  // What has not been read yet.
  ByteSpan rest() const { return data_.subspan(offset_); }

  ByteSpan bytes(std::size_t length) {
    const ByteSpan field = slice(data_, offset_, length);
    offset_ += length;
    return field;
  }
  void skip(std::size_t length) { bytes(length); }

  std::uint8_t u8() { return bytes(1)[0]; }
  std::uint16_t u16() { return static_cast<std::uint16_t>(integer(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
  std::uint64_t u64() { return integer(8); }

  // An unsigned integer of up to 8 bytes; 0 for none.
  std::uint64_t integer(std::size_t length) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(length)) value = value << 8U | byte;
    return value;
  }

  // A string up to its NUL, or to the end of the span.
  std::string_view text() {
    const std::string_view all = as_text(rest());
    const std::size_t length = all.find('\0');
    if (length == std::string_view::npos) {
      offset_ = data_.size();
      return all;
    }
    offset_ += length + 1;
    return all.substr(0, length);
  }

 private:
  ByteSpan data_;
  std::size_t offset_ = 0;
};

}  // namespace imgpeek
