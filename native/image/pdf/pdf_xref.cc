#include "image/pdf/pdf_xref.h"

#include <algorithm>
#include <utility>

#include "image/pdf/pdf_syntax.h"

namespace imgpeek {
namespace {

// The end of the file that is read for `startxref`; the last section and what the catalog needs
// often stand in it too.
constexpr std::uint64_t kTail = 32768;
// A table is fetched whole up to this length; of a longer one only the entries that are sought.
constexpr std::uint64_t kMaxWhole = 196608;
constexpr std::uint64_t kEntriesAsked = 2048;
// 7.5.4: ten digits, a space, five digits, a space, a letter and a line end of two characters.
constexpr std::uint64_t kEntryLength = 20;
constexpr std::size_t kOffsetDigits = 10;
constexpr std::size_t kLetter = 17;

constexpr double kMaxOffset = 1e15;
constexpr std::size_t kMaxSections = 64;
constexpr std::size_t kMaxRuns = 4096;
constexpr std::uint64_t kMaxRunHeader = 64;
constexpr std::uint64_t kMaxTrailer = 65536;
constexpr std::uint64_t kTrailerAsked = 1024;
constexpr std::uint64_t kMaxStored = 8U << 20U;
constexpr std::size_t kMaxDecoded = 32U << 20U;  // of all sections
constexpr std::size_t kMaxWidth = 8;

// 7.5.8.3: the types of entries in a stream.
constexpr std::uint64_t kFreeEntry = 0;
constexpr std::uint64_t kOffsetEntry = 1;
constexpr std::uint64_t kContainedEntry = 2;

std::uint64_t big_endian(ByteSpan field) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : field) value = (value << 8U) | byte;
  return value;
}

}  // namespace

std::uint64_t find_pdf_xref(Bytes& bytes, std::uint64_t base) {
  const std::uint64_t size = bytes.require_size();
  const std::uint64_t begin = size > kTail ? size - kTail : 0;
  const std::string_view tail = as_text(bytes.read_up_to(begin, kTail));
  constexpr std::string_view kKeyword = "startxref";
  const std::size_t found = tail.rfind(kKeyword);
  if (found == std::string_view::npos) throw Malformed("pdf: no startxref");
  std::string_view text = tail.substr(found + kKeyword.size());
  skip_pdf_space(text);
  const auto offset = take_pdf_digits(text);
  if (!offset || *offset > size - std::min(base, size)) throw Malformed("pdf: bad startxref");
  return base + *offset;
}

PdfXref::PdfXref(Bytes& bytes, std::uint64_t base, std::uint64_t offset)
    : bytes_(bytes), base_(base) {
  load(offset);
}

void PdfXref::load(std::uint64_t offset) {
  if (sections_.size() >= kMaxSections) throw Malformed("pdf: too many cross-reference sections");
  // A section often runs to the end of the file, and what it refers to first stands before it.
  Range range = pdf_neighbourhood(offset);
  const std::uint64_t size = bytes_.size().value_or(0);
  if (offset < size && size - offset <= kMaxWhole) range.length = size - range.offset;
  if (bytes_.held(offset, kMaxRunHeader).size() < kMaxRunHeader) bytes_.require({range});
  // White space may stand before the keyword.
  std::string_view text = as_text(bytes_.read_up_to(offset, kMaxRunHeader));
  const std::size_t length = text.size();
  skip_pdf_space(text);
  const std::uint64_t at = offset + (length - text.size());
  sections_.push_back(text.starts_with("xref") ? read_table(at + 4) : read_stream(at));
  queue_older(sections_.back());
}

void PdfXref::queue_older(const Section& section) {
  // 7.5.8.4: a hybrid file's stream comes before the older sections.
  std::vector<std::uint64_t> older;
  for (const std::string_view key : {"XRefStm", "Prev"}) {
    const auto value = find_pdf_entry(section.trailer, key);
    // Some writers put a real number here.
    const auto offset = value ? to_pdf_number(*value) : std::nullopt;
    if (offset && *offset > 0 && *offset < kMaxOffset) {
      older.push_back(base_ + static_cast<std::uint64_t>(*offset));
    }
  }
  queued_.insert(queued_.begin(), older.begin(), older.end());
}

PdfXref::Section PdfXref::read_table(std::uint64_t offset) {
  Section section;
  while (section.runs.size() < kMaxRuns) {
    const std::string_view header = as_text(bytes_.read_up_to(offset, kMaxRunHeader));
    std::string_view text = header;
    skip_pdf_space(text);
    if (text.starts_with("trailer")) {
      std::uint64_t window = kTrailerAsked;
      for (; window <= kMaxTrailer; window *= 8) {
        std::string_view all = as_text(bytes_.read_up_to(offset, window));
        const bool whole = all.size() < window;
        skip_pdf_space(all);
        take_pdf_keyword(all, "trailer");
        if (const auto trailer = take_pdf_object(all)) {
          section.trailer = *trailer;
          return section;
        }
        if (whole) break;
      }
      throw Malformed("pdf: bad trailer");
    }
    const auto first = take_pdf_digits(text);
    skip_pdf_space(text);
    const auto count = take_pdf_digits(text);
    skip_pdf_space(text);
    if (!first || !count || *first > UINT32_MAX || *count > UINT32_MAX) {
      throw Malformed("pdf: bad cross-reference table");
    }
    offset += header.size() - text.size();
    section.runs.push_back({*first, *count, offset});
    const std::uint64_t length = *count * kEntryLength;
    if (length <= kMaxWhole) {
      bytes_.require({{offset, length + kTrailerAsked}});
    }
    offset += length;
  }
  throw Malformed("pdf: too many cross-reference subsections");
}

PdfXref::Section PdfXref::read_stream(std::uint64_t offset) {
  const PdfObject object = read_pdf_object(bytes_, offset);
  const auto type = find_pdf_entry(object.value, "Type");
  if (!object.stream || !type || !is_pdf_name(*type, "XRef")) {
    throw Malformed("pdf: no cross-reference section");
  }
  Section section;
  section.stream = true;
  section.trailer = object.value;
  std::size_t entry = 0;
  for (const std::string_view width :
       pdf_elements(find_pdf_entry(object.value, "W").value_or(""), 3)) {
    section.widths.push_back(to_pdf_count(width).value_or(SIZE_MAX));
    if (section.widths.back() > kMaxWidth) throw Malformed("pdf: bad cross-reference stream");
    entry += section.widths.back();
  }
  if (section.widths.size() != 3 || entry == 0) throw Malformed("pdf: bad cross-reference stream");
  const auto size = find_pdf_entry(object.value, "Size");
  const auto index = find_pdf_entry(object.value, "Index");
  std::vector<std::string_view> numbers = pdf_elements(index.value_or(""), 2 * kMaxRuns);
  if (numbers.size() < 2) numbers = {"0", size.value_or("0")};
  std::uint64_t position = 0;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    const auto first = to_pdf_count(numbers[i]);
    const auto count = to_pdf_count(numbers[i + 1]);
    if (!first || !count || *first > UINT32_MAX || *count > UINT32_MAX) {
      throw Malformed("pdf: bad cross-reference stream");
    }
    section.runs.push_back({*first, *count, position});
    position += *count * entry;
  }
  const auto length = find_pdf_entry(object.value, "Length");
  const auto stored = read_pdf_stream(bytes_, *object.stream,
                                      length ? to_pdf_count(*length) : std::nullopt, kMaxStored);
  const auto decoded =
      stored ? decode_pdf_stream(bytes_, object.value, *stored, kMaxDecoded - decoded_)
             : std::nullopt;
  if (!decoded) throw Malformed("pdf: damaged cross-reference stream");
  section.decoded = *decoded;
  decoded_ += std::min(decoded->size(), kMaxDecoded - decoded_);
  return section;
}

PdfXref::Lookup PdfXref::look_up_in_table(std::uint64_t position) {
  if (bytes_.held(position, kEntryLength).size() < kEntryLength) {
    bytes_.require({{position - std::min(position, kEntriesAsked / 2), kEntriesAsked}});
  }
  const std::string_view text = as_text(bytes_.read(position, kEntryLength));
  std::string_view digits = text;
  const auto offset = take_pdf_digits(digits);
  const char letter = text[kLetter];
  if (!offset || digits.size() != kEntryLength - kOffsetDigits ||
      (letter != 'n' && letter != 'f')) {
    throw Malformed("pdf: bad cross-reference entry");
  }
  if (letter == 'f') return {Kind::kFree, {}};
  return {Kind::kUsed, {base_ + *offset, std::nullopt}};
}

PdfXref::Lookup PdfXref::look_up_in_stream(const Section& section, std::uint64_t position) const {
  const auto& widths = section.widths;
  const ByteSpan entry = slice(section.decoded, position, widths[0] + widths[1] + widths[2]);
  // 7.5.8.2: a type that has no width is an offset.
  const std::uint64_t type = widths[0] == 0 ? kOffsetEntry : big_endian(entry.first(widths[0]));
  const std::uint64_t field = big_endian(entry.subspan(widths[0], widths[1]));
  if (type == kFreeEntry) return {Kind::kFree, {}};
  if (type == kOffsetEntry && field <= INT64_MAX) {
    return {Kind::kUsed, {base_ + field, std::nullopt}};
  }
  if (type == kContainedEntry && field <= UINT32_MAX) {
    return {Kind::kUsed, {0, static_cast<std::uint32_t>(field)}};
  }
  return {Kind::kFree, {}};
}

PdfXref::Lookup PdfXref::look_up(const Section& section, std::uint32_t number) {
  std::uint64_t entry = kEntryLength;
  if (section.stream) entry = section.widths[0] + section.widths[1] + section.widths[2];
  for (const Run& run : section.runs) {
    if (number < run.first || number - run.first >= run.count) continue;
    const std::uint64_t position = run.position + (number - run.first) * entry;
    if (!section.stream) return look_up_in_table(position);
    // A section that says more than it holds.
    if (position + entry > section.decoded.size()) return {};
    return look_up_in_stream(section, position);
  }
  return {};
}

std::optional<PdfEntry> PdfXref::find(std::uint32_t number) {
  // Where a hybrid file's table calls an object free, its stream may hold it.
  bool is_free = false;
  for (std::size_t i = 0;; ++i) {
    if (i == sections_.size()) {
      if (queued_.empty()) return std::nullopt;
      const std::uint64_t offset = queued_.front();
      queued_.erase(queued_.begin());
      load(offset);
    }
    if (is_free && !sections_[i].stream) continue;
    const Lookup found = look_up(sections_[i], number);
    if (found.kind == Kind::kUsed) return found.entry;
    if (found.kind == Kind::kFree) {
      if (find_pdf_entry(sections_[i].trailer, "XRefStm").value_or("").empty()) return std::nullopt;
      is_free = true;
    }
  }
}

}  // namespace imgpeek
