#include "image/pdf/pdf_recovery.h"

#include <algorithm>

#include "image/pdf/pdf_object.h"
#include "image/pdf/pdf_syntax.h"

namespace imgpeek {
namespace {

// What is scanned at either end of the file.
constexpr std::uint64_t kScanned = 1U << 20U;
constexpr std::size_t kMaxObjects = 16384;
// How much of an object is looked at to see what it is.
constexpr std::size_t kMaxLooked = 4096;
constexpr std::size_t kMaxContainers = 32;
constexpr std::size_t kMaxUnpacked = 1U << 20U;
constexpr std::uint64_t kMaxContained = 4096;
// After so many objects that cannot be read no further one is looked into.
constexpr std::size_t kMaxUnreadable = 256;
constexpr std::size_t kMaxPages = 65536;

constexpr std::string_view kKeyword = " obj";
constexpr std::string_view kTrailer = "trailer";
constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The offset of the object whose keyword stands at `keyword`: of its number; npos where there is
// none.
std::size_t find_number(std::string_view text, std::size_t keyword) {
  std::size_t at = keyword;
  while (at > 0 && is_digit(text[at - 1])) --at;
  if (at == keyword || at == 0 || text[at - 1] != ' ') return kNone;
  const std::size_t generation = at - 1;
  at = generation;
  while (at > 0 && is_digit(text[at - 1])) --at;
  return at == generation ? kNone : at;
}

bool has_type(std::string_view dictionary, std::string_view type) {
  return is_pdf_name(find_pdf_entry(dictionary, "Type").value_or(""), type);
}

std::string refer(std::uint32_t number) { return std::to_string(number) + " 0 R"; }

}  // namespace

PdfRecovery::PdfRecovery(Bytes& bytes) : bytes_(bytes) {
  const std::uint64_t size = bytes.require_size();
  const std::uint64_t tail = std::max(kScanned, size - std::min(size, kScanned));
  bytes.require({{0, kScanned}, {tail, kScanned}});
  scan({0, kScanned});
  scan({tail, kScanned});
  if (trailer_.empty() && !catalog_.empty()) {
    made_trailer_ = "<</Root " + catalog_ + ">>";
    trailer_ = made_trailer_;
  }
}

std::optional<PdfEntry> PdfRecovery::find(std::uint32_t number) {
  const auto found = entries_.find(number);
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

// Later objects and trailers take the place of earlier ones, as updates do.
void PdfRecovery::scan(Range range) {
  const ByteSpan data = bytes_.read_up_to(range.offset, range.length);
  const std::string_view text = as_text(data);
  Bytes part({{range.offset, data}}, range.offset + data.size(), true);
  std::size_t keyword = text.find(kKeyword);
  for (std::size_t i = 0; i < kMaxObjects && keyword != kNone; ++i) {
    const std::size_t number = find_number(text, keyword);
    if (number != kNone) take_object(part, text.substr(number), range.offset + number);
    keyword = text.find(kKeyword, keyword + kKeyword.size());
  }
  std::size_t at = text.find(kTrailer);
  for (std::size_t i = 0; i < kMaxObjects && at != kNone; ++i) {
    std::string_view behind = text.substr(at + kTrailer.size(), kMaxLooked);
    const auto dictionary = take_pdf_object(behind);
    if (dictionary && find_pdf_entry(*dictionary, "Root")) trailer_ = *dictionary;
    at = text.find(kTrailer, at + kTrailer.size());
  }
}

void PdfRecovery::take_object(Bytes& part, std::string_view text, std::uint64_t offset) {
  const auto number = take_pdf_digits(text);
  if (!number || *number > UINT32_MAX) return;
  const auto id = static_cast<std::uint32_t>(*number);
  entries_[id] = {offset, std::nullopt};
  if (unreadable_ >= kMaxUnreadable) return;
  text = text.substr(text.find(kKeyword) + kKeyword.size()).substr(0, kMaxLooked);
  try {
    const auto value = take_pdf_object(text);
    if (!value) return;
    classify(id, *value);
    if (has_type(*value, "ObjStm")) take_contained(part, id, offset);
  } catch (const Malformed&) {
    ++unreadable_;  // one object that cannot be read
  }
}

void PdfRecovery::take_contained(Bytes& part, std::uint32_t container, std::uint64_t offset) {
  if (++containers_ > kMaxContainers) return;
  const PdfObject object = read_pdf_object(part, offset);
  const auto count = [&](std::string_view key) {
    return to_pdf_count(find_pdf_entry(object.value, key).value_or(""));
  };
  const auto first = count("First");
  if (!object.stream || !first) return;
  const auto stored = read_pdf_stream(part, *object.stream, count("Length"), kMaxUnpacked);
  const auto data =
      stored ? decode_pdf_stream(bytes_, object.value, *stored, kMaxUnpacked) : std::nullopt;
  if (!data || *first > data->size()) return;
  std::string_view pairs = as_text(*data).substr(0, *first);
  for (std::uint64_t i = 0; i < std::min(count("N").value_or(0), kMaxContained); ++i) {
    skip_pdf_space(pairs);
    const auto number = take_pdf_digits(pairs);
    skip_pdf_space(pairs);
    const auto at = take_pdf_digits(pairs);
    if (!number || *number > UINT32_MAX || !at || *at > data->size() - *first) return;
    const auto id = static_cast<std::uint32_t>(*number);
    entries_[id] = {0, container};
    std::string_view text = as_text(*data).substr(*first + *at, kMaxLooked);
    if (const auto value = take_pdf_object(text)) classify(id, *value);
  }
}

void PdfRecovery::classify(std::uint32_t number, std::string_view value) {
  if (has_type(value, "Catalog")) catalog_ = refer(number);
  if (has_type(value, "XRef") && find_pdf_entry(value, "Root")) trailer_ = value;
  if (has_type(value, "Page") && pages_.size() < kMaxPages) pages_.push_back(refer(number));
}

}  // namespace imgpeek
