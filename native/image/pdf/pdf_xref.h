// Cross-reference tables and streams (ISO 32000-1, 7.5.4 and 7.5.8).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "image/pdf/pdf_object.h"
#include "image/pdf/pdf_table.h"

namespace imgpeek {

// The sections of a file, the newest first. Older ones are read only when an object is sought that
// the newer ones do not have.
class PdfXref : public PdfTable {
 public:
  // `base` is where the file's header stands: offsets in the file count from there. `offset`, which
  // counts from the start of the file, is the newest section's.
  PdfXref(Bytes& bytes, std::uint64_t base, std::uint64_t offset);

  std::optional<PdfEntry> find(std::uint32_t number) override;
  std::string_view trailer() const override { return sections_.front().trailer; }

 private:
  // Entries of consecutive objects.
  struct Run {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint64_t position = 0;  // of the first entry: in the file, or in `decoded`
  };
  struct Section {
    std::vector<Run> runs;
    std::string_view trailer;
    bool stream = false;
    ByteSpan decoded;
    std::vector<std::size_t> widths;  // of the fields of a stream's entry
  };
  enum class Kind { kUnknown, kFree, kUsed };
  struct Lookup {
    Kind kind = Kind::kUnknown;
    PdfEntry entry;
  };

  void load(std::uint64_t offset);
  Section read_table(std::uint64_t offset);
  Section read_stream(std::uint64_t offset);
  // Queues the sections that `section` refers to.
  void queue_older(const Section& section);
  Lookup look_up(const Section& section, std::uint32_t number);
  Lookup look_up_in_table(std::uint64_t position);
  Lookup look_up_in_stream(const Section& section, std::uint64_t position) const;

  Bytes& bytes_;
  std::uint64_t base_;
  std::size_t decoded_ = 0;  // bytes, of all sections
  std::vector<Section> sections_;
  std::vector<std::uint64_t> queued_;  // offsets of sections not read yet, the next one first
};

// The offset of the newest section, from `startxref` at the end of the file.
std::uint64_t find_pdf_xref(Bytes& bytes, std::uint64_t base);

}  // namespace imgpeek
