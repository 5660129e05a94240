// The beginning of an SVG document as UTF-8 text, however it is stored.
#pragma once

#include <string_view>

#include "bytes.h"

namespace imgpeek {

struct DocumentStart {
  std::string_view text;  // lives as long as the Bytes it came from
  // False where a larger window, or more bytes held, could give more text.
  bool complete = false;
};

// At most `window` bytes of text. Gzip is unpacked, UTF-16 and Latin-1 are converted, a byte-order
// mark is dropped. Reads at most `window` bytes of the file: those that are held where `fetch` is
// false, else it throws Missing for the others.
DocumentStart read_document_start(Bytes& bytes, std::size_t window, bool fetch);

}  // namespace imgpeek
