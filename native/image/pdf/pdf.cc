// PDF (ISO 32000): the first page's size, the number of pages and the document's XMP, by the
// objects that hold them alone. Nothing is rendered.
#include <algorithm>
#include <optional>
#include <string>

#include "image/pdf/pdf_objects.h"
#include "image/pdf/pdf_pages.h"
#include "image/pdf/pdf_recovery.h"
#include "image/pdf/pdf_syntax.h"
#include "image/pdf/pdf_xref.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::string_view kMagic = "%PDF-";
// Adobe's implementation notes (PDF 1.7, H.3.4.1): the header may stand this far into the file.
constexpr std::uint64_t kMaxHeader = 1024;
// A PDF that is stored in an archive is no PDF.
constexpr std::string_view kZipMagic = "PK\x03\x04";

constexpr std::size_t kMaxMetadata = 16U << 20U;

// Where the header is; empty where there is none.
std::optional<std::uint64_t> find_header(Bytes& bytes) {
  if (bytes.matches(0, kMagic)) return 0;
  if (bytes.matches(0, kZipMagic)) return std::nullopt;
  const std::size_t found = as_text(bytes.read_up_to(0, kMaxHeader)).find(kMagic);
  if (found == std::string_view::npos) return std::nullopt;
  return found;
}

// What a linearized file says at its start (ISO 32000-1, annex F).
struct Linearization {
  std::uint64_t xref = 0;  // offset of the first page's section, which is the newest one
  std::uint64_t pages = 0;
  std::string first_page;  // a reference
};

// Empty where the file is not linearized, or was updated since: then its end says more.
std::optional<Linearization> find_linearization(Bytes& bytes, std::uint64_t base) {
  // F.3.3: the dictionary stands whole within the first 1024 bytes.
  const std::string_view start = as_text(bytes.read_up_to(base, kMaxHeader));
  std::string_view text = start;
  skip_pdf_space(text);
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const std::uint64_t offset = base + (start.size() - text.size());
  const PdfObject object = read_pdf_object(bytes, offset);
  const auto count = [&](std::string_view key) {
    return to_pdf_count(find_pdf_entry(object.value, key).value_or(""));
  };
  const auto page = count("O");
  const auto pages = count("N");
  const auto length = count("L");
  if (!find_pdf_entry(object.value, "Linearized") || !page || !pages || !length)
    return std::nullopt;
  if (bytes.size() && *length != *bytes.size() && base + *length != *bytes.size()) {
    return std::nullopt;
  }
  const std::string_view behind = as_text(bytes.read_up_to(object.end, kMaxHeader));
  std::string_view xref = behind;
  skip_pdf_space(xref);
  if (!take_pdf_keyword(xref, "endobj")) return std::nullopt;
  skip_pdf_space(xref);
  return Linearization{object.end + (behind.size() - xref.size()), *pages,
                       std::to_string(*page) + " 0 R"};
}

void take_size(PdfPageSize size, Image& image) {
  image.width = size.width;
  image.height = size.height;
}

// The catalog's XMP (ISO 32000-1, 14.3.2).
void take_metadata(PdfObjects& objects, std::string_view reference, Image& image) {
  try {
    const auto data = objects.stream(reference, kMaxMetadata);
    if (data && !data->empty()) image.metadata.xmp.push_back(*data);
  } catch (const Malformed&) {
    return;  // damaged metadata are left out
  }
}

std::string_view find_catalog(PdfObjects& objects) {
  const std::string_view catalog = objects.entry(objects.trailer(), "Root");
  if (!is_pdf_dictionary(catalog)) throw Malformed("pdf: no catalog");
  return catalog;
}

void read_by_tree(PdfObjects& objects, const Wanted& wanted, Image& image) {
  const std::string_view catalog = find_catalog(objects);
  const std::string_view pages = find_pdf_entry(catalog, "Pages").value_or("");
  const std::string_view metadata =
      wanted.xmp ? find_pdf_entry(catalog, "Metadata").value_or("") : "";
  objects.fetch({pages, metadata});
  take_size(first_page_size(objects, pages), image);
  if (wanted.pages_number) {
    image.pages = std::max<std::uint64_t>(
        1, to_pdf_count(objects.entry(objects.resolve(pages), "Count")).value_or(1));
  }
  take_metadata(objects, metadata, image);
}

// False where the first page leaves its size to the nodes above it.
bool read_by_linearization(PdfObjects& objects, const Linearization& linearization,
                           const Wanted& wanted, Image& image) {
  const auto size = own_page_size(objects, objects.resolve(linearization.first_page));
  if (!size) return false;
  take_size(*size, image);
  image.pages = std::max<std::uint64_t>(1, linearization.pages);
  if (wanted.xmp) {
    take_metadata(objects, find_pdf_entry(find_catalog(objects), "Metadata").value_or(""), image);
  }
  return true;
}

void read_by_xref(Bytes& bytes, std::uint64_t base, const Wanted& wanted, Image& image) {
  if (const auto linearization = find_linearization(bytes, base)) {
    PdfXref xref(bytes, base, linearization->xref);
    PdfObjects objects(bytes, xref);
    if (read_by_linearization(objects, *linearization, wanted, image)) return;
    return read_by_tree(objects, wanted, image);
  }
  PdfXref xref(bytes, base, find_pdf_xref(bytes, base));
  PdfObjects objects(bytes, xref);
  read_by_tree(objects, wanted, image);
}

// A file whose tables are damaged: what a scan finds, be it single pages.
void read_by_scan(Bytes& bytes, const Wanted& wanted, Image& image) {
  PdfRecovery recovery(bytes);
  PdfObjects objects(bytes, recovery);
  try {
    return read_by_tree(objects, wanted, image);
  } catch (const Malformed&) {
    if (recovery.pages().empty()) throw;
  }
  const std::string_view page = objects.resolve(recovery.pages().front());
  const auto size = own_page_size(objects, page);
  if (!size) throw Malformed("pdf: no page whose size is known");
  take_size(*size, image);
  image.pages = recovery.pages().size();
}

}  // namespace

bool is_pdf(Bytes& bytes) { return find_header(bytes).has_value(); }

void read_pdf(Bytes& bytes, const Wanted& wanted, Image& image) {
  const std::uint64_t base = find_header(bytes).value_or(0);
  if (wanted.pixel_format()) {
    // What it is rendered to.
    image.colorspace = "srgb";
    image.bands = 4;
    image.sample_format = "uchar";
  }
  try {
    read_by_xref(bytes, base, wanted, image);
  } catch (const Malformed&) {
    read_by_scan(bytes, wanted, image);
  }
}

}  // namespace imgpeek
