// Indirect objects and streams as they stand in a PDF file (ISO 32000-1, 7.3.8 and 7.3.10).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bytes.h"

namespace imgpeek {

struct PdfObject {
  std::uint64_t number = 0;
  std::uint64_t generation = 0;
  std::string_view value;
  std::optional<std::uint64_t> stream;  // where its data begins in the file
  std::uint64_t end = 0;                // behind the value in the file
};

// What is fetched around `offset` where the object there is not held: objects that lead to each
// other often stand side by side.
Range pdf_neighbourhood(std::uint64_t offset);

// The object at `offset`. Throws Missing, and Malformed where there is none.
PdfObject read_pdf_object(Bytes& bytes, std::uint64_t offset);

// The data of a stream, as stored: `length` bytes where that is known and right, else up to
// `endstream`. Empty where it is longer than `limit`.
std::optional<ByteSpan> read_pdf_stream(Bytes& bytes, std::uint64_t offset,
                                        std::optional<std::uint64_t> length, std::uint64_t limit);

// Undoes the filters that `dictionary` names, up to `limit` bytes of output. Empty where one of
// them is not Flate, or the data are damaged from the start.
std::optional<ByteSpan> decode_pdf_stream(Bytes& bytes, std::string_view dictionary, ByteSpan data,
                                          std::size_t limit);

}  // namespace imgpeek
