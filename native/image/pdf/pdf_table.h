// Where the objects of a PDF file are: what a cross-reference table, or a scan in its place, knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace imgpeek {

// An object stands at an offset, or in an object stream (ISO 32000-1, 7.5.7).
struct PdfEntry {
  std::uint64_t offset = 0;
  std::optional<std::uint32_t> container;  // the number of the object stream
};

class PdfTable {
 public:
  PdfTable() = default;
  PdfTable(const PdfTable&) = delete;
  PdfTable& operator=(const PdfTable&) = delete;
  virtual ~PdfTable() = default;

  // Where the object is; empty where the file has none of that number. May throw Missing.
  virtual std::optional<PdfEntry> find(std::uint32_t number) = 0;

  // The newest trailer dictionary. Lives as long as the Bytes that it came from.
  virtual std::string_view trailer() const = 0;
};

}  // namespace imgpeek
