// The syntax of PDF objects (ISO 32000-1, 7.2 and 7.3), without a tree: an object is the text that
// it is written as, and is looked into only where something is sought.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imgpeek {

struct PdfReference {
  std::uint32_t number = 0;
  std::uint32_t generation = 0;
};

// Takes the next object off the front of `text`, white space and comments before it included. Empty
// where the text ends before the object does. Malformed where it nests too deep.
std::optional<std::string_view> take_pdf_object(std::string_view& text);

// The value of `key` (without its slash) in a dictionary; empty where it has none or is no
// dictionary.
std::optional<std::string_view> find_pdf_entry(std::string_view dictionary, std::string_view key);

// The elements of an array, at most `limit`; none where it is no array.
std::vector<std::string_view> pdf_elements(std::string_view array, std::size_t limit);

bool is_pdf_name(std::string_view object, std::string_view name);
bool is_pdf_dictionary(std::string_view object);
std::optional<double> to_pdf_number(std::string_view object);
std::optional<std::uint64_t> to_pdf_count(std::string_view object);
std::optional<PdfReference> to_pdf_reference(std::string_view object);

// What a literal or hexadecimal string stands for; empty where `object` is none.
std::string decode_pdf_string(std::string_view object);

// Drops white space and comments from the front.
void skip_pdf_space(std::string_view& text);

// Takes a run of digits off the front; empty where there is none.
std::optional<std::uint64_t> take_pdf_digits(std::string_view& text);

// Drops `keyword` from the front; false where something else stands there.
bool take_pdf_keyword(std::string_view& text, std::string_view keyword);

}  // namespace imgpeek
