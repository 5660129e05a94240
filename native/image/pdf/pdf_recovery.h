// The objects of a PDF file whose cross-reference table is damaged or missing, as a scan finds
// them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "image/pdf/pdf_table.h"

namespace imgpeek {

class PdfRecovery : public PdfTable {
 public:
  // Scans a bounded part of the file. Throws Missing for it.
  explicit PdfRecovery(Bytes& bytes);

  std::optional<PdfEntry> find(std::uint32_t number) override;
  // Where the file has none any more, one that names the catalog that was found; may be empty.
  std::string_view trailer() const override { return trailer_; }

  // The page objects that were found, in the order of the file, as references.
  const std::vector<std::string>& pages() const { return pages_; }

 private:
  void scan(Range range);
  // `part` is what is scanned, as a file of its own: nothing is fetched to look into an object.
  void take_object(Bytes& part, std::string_view text, std::uint64_t offset);
  void take_contained(Bytes& part, std::uint32_t container, std::uint64_t offset);
  void classify(std::uint32_t number, std::string_view value);

  Bytes& bytes_;
  std::map<std::uint32_t, PdfEntry> entries_;
  std::size_t containers_ = 0;
  std::size_t unreadable_ = 0;
  std::string_view trailer_;
  std::string catalog_;
  std::string made_trailer_;
  std::vector<std::string> pages_;
};

}  // namespace imgpeek
