// The objects of a PDF file by number, wherever they are stored.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "image/pdf/pdf_encryption.h"
#include "image/pdf/pdf_object.h"
#include "image/pdf/pdf_table.h"

namespace imgpeek {

class PdfObjects {
 public:
  // Both must outlive this.
  PdfObjects(Bytes& bytes, PdfTable& table) : bytes_(bytes), table_(table) {}

  // `object` itself, or what it refers to; "null" where that is nothing. Throws Missing, and
  // Malformed where the file is damaged there. Lives as long as the Bytes.
  std::string_view resolve(std::string_view object);

  // The value of `key`, resolved; empty where the dictionary has none.
  std::string_view entry(std::string_view dictionary, std::string_view key);

  // The data of the stream that `object` refers to, its filters undone. Empty where it is no
  // stream, longer than `limit`, or filtered in a way that is not known.
  std::optional<ByteSpan> stream(std::string_view object, std::size_t limit);

  // Fetches what these references refer to in one round.
  void fetch(std::initializer_list<std::string_view> references);

  std::string_view trailer() const { return table_.trailer(); }

 private:
  // An object stream that was unpacked.
  struct Container {
    std::uint32_t number = 0;
    std::string_view data;
    std::uint64_t first = 0;  // where the objects begin
    std::uint64_t count = 0;
  };

  PdfObject read(std::uint32_t number);
  // Reads the encryption dictionary, the first time that a stream is read.
  void open_encryption();
  std::optional<ByteSpan> data_of(const PdfObject& object, std::size_t limit);
  const Container& unpack(std::uint32_t number);
  std::string_view contained(std::uint32_t container, std::uint32_t number);

  Bytes& bytes_;
  PdfTable& table_;
  std::vector<Container> unpacked_;
  std::size_t unpacked_length_ = 0;  // bytes, of all containers
  bool opened_encryption_ = false;
  std::optional<PdfEncryption> encryption_;
  int depth_ = 0;
};

}  // namespace imgpeek
