#include "image/pdf/pdf_objects.h"

#include <algorithm>

#include "image/pdf/pdf_syntax.h"

namespace imgpeek {
namespace {

// References that lead to references, and lengths of streams that stand in streams.
constexpr int kMaxDepth = 16;
// Of an object stream as stored, and of all object streams as unpacked.
constexpr std::size_t kMaxUnpacked = 8U << 20U;
constexpr std::uint64_t kMaxContained = 65536;

// Behind the unpacked objects, so that the last of them is seen to end.
constexpr std::string_view kEnd = "\nendobj\n";

class Deeper {
 public:
  explicit Deeper(int& depth) : depth_(depth) {
    if (depth_ >= kMaxDepth) throw Malformed("pdf: references lead too far");
    ++depth_;
  }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  ~Deeper() { --depth_; }

 private:
  int& depth_;
};

}  // namespace

std::string_view PdfObjects::resolve(std::string_view object) {
  const auto reference = to_pdf_reference(object);
  if (!reference) return object;
  const Deeper guard(depth_);
  const auto entry = table_.find(reference->number);
  if (!entry) return "null";
  if (entry->container) return resolve(contained(*entry->container, reference->number));
  return resolve(read(reference->number).value);
}

PdfObject PdfObjects::read(std::uint32_t number) {
  const auto entry = table_.find(number);
  if (!entry || entry->container) throw Malformed("pdf: no object of that number");
  const PdfObject object = read_pdf_object(bytes_, entry->offset);
  if (object.number != number) throw Malformed("pdf: another object than the table says");
  return object;
}

std::string_view PdfObjects::entry(std::string_view dictionary, std::string_view key) {
  const auto value = find_pdf_entry(dictionary, key);
  return value ? resolve(*value) : std::string_view();
}

std::optional<ByteSpan> PdfObjects::data_of(const PdfObject& object, std::size_t limit) {
  if (!object.stream) return std::nullopt;
  const auto length = to_pdf_count(entry(object.value, "Length"));
  const auto stored = read_pdf_stream(bytes_, *object.stream, length, limit);
  if (!stored) return std::nullopt;
  open_encryption();
  const bool metadata = is_pdf_name(find_pdf_entry(object.value, "Type").value_or(""), "Metadata");
  if (!encryption_ || (metadata && !encryption_->encrypts_metadata())) {
    return decode_pdf_stream(bytes_, object.value, *stored, limit);
  }
  const ByteSpan plain =
      bytes_.keep(encryption_->decrypt(*stored, static_cast<std::uint32_t>(object.number),
                                       static_cast<std::uint32_t>(object.generation)));
  return decode_pdf_stream(bytes_, object.value, plain, limit);
}

void PdfObjects::open_encryption() {
  if (opened_encryption_) return;
  const std::string_view dictionary = entry(trailer(), "Encrypt");
  if (is_pdf_dictionary(dictionary)) {
    const auto id = pdf_elements(entry(trailer(), "ID"), 1);
    encryption_.emplace(dictionary, id.empty() ? std::string_view() : id.front());
  }
  opened_encryption_ = true;
}

std::optional<ByteSpan> PdfObjects::stream(std::string_view object, std::size_t limit) {
  const auto reference = to_pdf_reference(object);
  if (!reference) return std::nullopt;
  return data_of(read(reference->number), limit);
}

void PdfObjects::fetch(std::initializer_list<std::string_view> references) {
  std::vector<Range> ranges;
  for (const std::string_view object : references) {
    const auto reference = to_pdf_reference(object);
    if (!reference) continue;
    auto entry = table_.find(reference->number);
    if (entry && entry->container) entry = table_.find(*entry->container);
    if (!entry || entry->container) continue;
    // What is held in part may be held in full: only reading it tells.
    if (bytes_.held(entry->offset, 1).empty()) ranges.push_back(pdf_neighbourhood(entry->offset));
  }
  bytes_.require(ranges);
}

const PdfObjects::Container& PdfObjects::unpack(std::uint32_t number) {
  for (const Container& container : unpacked_) {
    if (container.number == number) return container;
  }
  const PdfObject object = read(number);
  const std::size_t room = kMaxUnpacked - unpacked_length_;
  if (room == 0) throw Malformed("pdf: the object streams unpack to too much");
  const auto data = data_of(object, kMaxUnpacked);
  const auto first = to_pdf_count(entry(object.value, "First"));
  const auto count = to_pdf_count(entry(object.value, "N"));
  if (!data || !first || !count || *first > data->size()) {
    throw Malformed("pdf: damaged object stream");
  }
  unpacked_length_ += std::min(data->size(), room);
  std::vector<std::uint8_t> ended(data->begin(), data->end());
  ended.insert(ended.end(), kEnd.begin(), kEnd.end());
  unpacked_.push_back({number, as_text(bytes_.keep(std::move(ended))), *first, *count});
  return unpacked_.back();
}

// 7.5.7: pairs of a number and an offset behind `First`, then the objects.
std::string_view PdfObjects::contained(std::uint32_t container, std::uint32_t number) {
  const Container& stream = unpack(container);
  std::string_view pairs = stream.data.substr(0, stream.first);
  for (std::uint64_t i = 0; i < std::min(stream.count, kMaxContained); ++i) {
    skip_pdf_space(pairs);
    const auto found = take_pdf_digits(pairs);
    skip_pdf_space(pairs);
    const auto offset = take_pdf_digits(pairs);
    if (!found || !offset) break;
    if (*found != number) continue;
    if (*offset > stream.data.size() - stream.first) break;
    std::string_view text = stream.data.substr(stream.first + *offset);
    if (const auto object = take_pdf_object(text)) return *object;
    break;
  }
  throw Malformed("pdf: an object is not in its stream");
}

}  // namespace imgpeek
