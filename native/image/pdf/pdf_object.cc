#include "image/pdf/pdf_object.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "image/inflate.h"
#include "image/pdf/pdf_predictor.h"
#include "image/pdf/pdf_syntax.h"

namespace imgpeek {
namespace {

// An object is read in windows that grow: most fit in the first.
constexpr std::array<std::uint64_t, 3> kWindows = {4096, 65536, 1048576};
// What is fetched before and behind the start of an object.
constexpr std::uint64_t kBefore = 16384;
constexpr std::uint64_t kBehind = 16384;
// How far `endstream` is searched where a stream's length is unknown or wrong.
constexpr std::uint64_t kMaxSearched = 1048576;
constexpr std::string_view kEndStream = "endstream";
// Between the data and `endstream`.
constexpr std::uint64_t kMaxEndOfLine = 2;

// Empty where the text ends before the object and the keyword behind it do.
std::optional<PdfObject> parse(std::string_view all, std::uint64_t offset) {
  std::string_view text = all;
  const auto position = [&] { return offset + (all.size() - text.size()); };
  PdfObject object;
  skip_pdf_space(text);
  const auto number = take_pdf_digits(text);
  skip_pdf_space(text);
  const auto generation = take_pdf_digits(text);
  skip_pdf_space(text);
  if (text.size() < 3) return std::nullopt;
  if (!number || !generation || !take_pdf_keyword(text, "obj")) {
    throw Malformed("pdf: no object where one should be");
  }
  object.number = *number;
  object.generation = *generation;
  const auto value = take_pdf_object(text);
  if (!value) return std::nullopt;
  object.value = *value;
  object.end = position();
  if (!is_pdf_dictionary(*value)) return object;
  skip_pdf_space(text);
  if (text.size() < 8) return std::nullopt;
  if (take_pdf_keyword(text, "stream")) {
    // 7.3.8.1: CR LF, or LF alone; a CR alone is a mistake that is seen.
    if (text[0] == '\r') text.remove_prefix(1);
    if (text[0] == '\n') text.remove_prefix(1);
    object.stream = position();
  }
  return object;
}

bool ends_stream(Bytes& bytes, std::uint64_t offset) {
  const std::string_view text =
      as_text(bytes.read_up_to(offset, kEndStream.size() + kMaxEndOfLine));
  return text.find(kEndStream) != std::string_view::npos;
}

std::uint64_t count_of(std::string_view dictionary, std::string_view key, std::uint64_t otherwise) {
  const auto value = find_pdf_entry(dictionary, key);
  return value ? to_pdf_count(*value).value_or(otherwise) : otherwise;
}

// The single element of an array of one, else the object itself.
std::string_view only_element(std::string_view object) {
  const std::vector<std::string_view> elements = pdf_elements(object, 2);
  return elements.size() == 1 ? elements[0] : object;
}

}  // namespace

Range pdf_neighbourhood(std::uint64_t offset) {
  const std::uint64_t before = std::min(offset, kBefore);
  return {offset - before, before + kBehind};
}

PdfObject read_pdf_object(Bytes& bytes, std::uint64_t offset) {
  for (const std::uint64_t window : kWindows) {
    const ByteSpan held = bytes.held(offset, window);
    if (const auto object = parse(as_text(held), offset)) return *object;
    if (held.size() < kWindows[0]) bytes.require({pdf_neighbourhood(offset)});
    const ByteSpan read = bytes.read_up_to(offset, window);
    if (const auto object = parse(as_text(read), offset)) return *object;
    if (read.size() < window) break;
  }
  throw Malformed("pdf: an object does not end");
}

std::optional<ByteSpan> read_pdf_stream(Bytes& bytes, std::uint64_t offset,
                                        std::optional<std::uint64_t> length, std::uint64_t limit) {
  if (length && *length > limit) return std::nullopt;
  if (length) {
    bytes.require({{offset, *length + kEndStream.size() + kMaxEndOfLine}});
    const ByteSpan data = bytes.read_up_to(offset, *length);
    if (data.size() == *length && ends_stream(bytes, offset + *length)) return data;
  }
  const ByteSpan searched = bytes.read_up_to(offset, std::min(limit, kMaxSearched));
  const std::size_t end = as_text(searched).find(kEndStream);
  if (end == std::string_view::npos) return std::nullopt;
  return searched.first(end);
}

std::optional<ByteSpan> decode_pdf_stream(Bytes& bytes, std::string_view dictionary, ByteSpan data,
                                          std::size_t limit) {
  const auto filter = find_pdf_entry(dictionary, "Filter");
  if (!filter || (filter->starts_with('[') && pdf_elements(*filter, 1).empty())) return data;
  const std::string_view name = only_element(*filter);
  if (!is_pdf_name(name, "FlateDecode") && !is_pdf_name(name, "Fl")) return std::nullopt;
  Inflated inflated = inflate_prefix(data, DeflateWrapper::kZlib, limit);
  if (inflated.data.empty()) return std::nullopt;
  const std::string_view parameters =
      only_element(find_pdf_entry(dictionary, "DecodeParms").value_or("null"));
  const std::uint64_t predictor = count_of(parameters, "Predictor", kNoPredictor);
  if (predictor != kNoPredictor) {
    const PredictorRows rows{count_of(parameters, "Colors", 1),
                             count_of(parameters, "BitsPerComponent", 8),
                             count_of(parameters, "Columns", 1)};
    if (!undo_predictor(predictor, rows, inflated.data)) return std::nullopt;
  }
  return bytes.keep(std::move(inflated.data));
}

}  // namespace imgpeek
