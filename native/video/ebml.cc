#include "video/ebml.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace imgpeek {
namespace {

// RFC 8794, 5 and 6: Matroska's identifiers take up to 4 bytes, sizes up to 8.
constexpr std::size_t kMaxIdLength = 4;
constexpr std::size_t kMaxSizeLength = 8;

// The length of a variable-size integer by its first byte; 9 where that is 0.
std::size_t vint_length(std::uint8_t first) {
  return static_cast<std::size_t>(std::countl_zero(first)) + 1;
}

}  // namespace

std::optional<EbmlElement> read_ebml_element(Bytes& bytes, std::uint64_t offset) {
  const ByteSpan header = bytes.read_up_to(offset, kMaxIdLength + kMaxSizeLength);
  if (header.empty()) return std::nullopt;
  const std::size_t id_length = vint_length(header[0]);
  if (id_length > kMaxIdLength || id_length >= header.size()) return std::nullopt;
  const std::size_t size_length = vint_length(header[id_length]);
  if (size_length > kMaxSizeLength || id_length + size_length > header.size()) return std::nullopt;

  EbmlElement element{.offset = offset, .body = offset + id_length + size_length};
  for (std::size_t i = 0; i < id_length; ++i) element.id = element.id << 8U | header[i];
  const std::uint64_t unknown = (1ULL << (7 * size_length)) - 1;
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < size_length; ++i) size = size << 8U | header[id_length + i];
  size &= unknown;
  const std::uint64_t limit = bytes.size().value_or(kToEnd);
  const bool open = size == unknown || limit < element.body || size > limit - element.body;
  element.end = open ? std::max(limit, element.body) : element.body + size;
  return element;
}

std::uint64_t read_ebml_unsigned(Bytes& bytes, const EbmlElement& element) {
  if (element.end - element.body > sizeof(std::uint64_t)) return 0;
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes.read(element.body, element.end - element.body)) {
    value = value << 8U | byte;
  }
  return value;
}

}  // namespace imgpeek
