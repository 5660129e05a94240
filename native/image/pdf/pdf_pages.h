// The page tree of a PDF file (ISO 32000-1, 7.7.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "image/pdf/pdf_objects.h"

namespace imgpeek {

struct PdfPageSize {
  std::uint64_t width = 0;  // points of 1/72 inch, as shown
  std::uint64_t height = 0;
};

// The size of the first page below `pages`, the root of a page tree. Malformed where there is none.
PdfPageSize first_page_size(PdfObjects& objects, std::string_view pages);

// The size of one page by what its own dictionary says; empty where it has no box of its own.
std::optional<PdfPageSize> own_page_size(PdfObjects& objects, std::string_view page);

}  // namespace imgpeek
