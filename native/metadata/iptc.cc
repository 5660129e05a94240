#include "metadata/iptc.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "metadata/iptc_datasets.h"
#include "metadata/text.h"

namespace imgpeek {
namespace {

// IIM 4.2, chapter 1.6: a dataset begins with this byte; a length of 0x8000 and more counts the
// bytes of the length that follows.
constexpr std::uint8_t kTagMarker = 0x1C;
constexpr std::uint16_t kExtended = 0x8000;
constexpr std::size_t kMaxLengthSize = 8;
constexpr std::size_t kHeaderSize = 5;

constexpr std::uint8_t kEnvelopeRecord = 1;
constexpr std::uint8_t kCodedCharacterSet = 90;

// More than any writer makes; it bounds what an answer can hold of empty keywords.
constexpr unsigned kMaxDatasets = 10'000;
// IIM 4.2, 2:202: the longest binary dataset, in bytes.
constexpr std::size_t kMaxBinary = 256'000;

enum class Charset : std::uint8_t { kUnknown, kUtf8, kLatin1 };

// The escape sequences of 1:90, by ISO 2022: UTF-8, and ISO 8859-1 as the second, third or fourth
// set. Others are hardly ever met.
Charset charset_of(std::string_view escape) {
  constexpr std::string_view kUtf8 = "\x1B%";
  constexpr std::array<std::string_view, 3> kLatin1 = {"\x1B-A", "\x1B.A", "\x1B/A"};
  if (escape.starts_with(kUtf8)) return Charset::kUtf8;
  const bool latin1 = std::ranges::any_of(
      kLatin1, [escape](std::string_view set) { return escape.find(set) != escape.npos; });
  return latin1 ? Charset::kLatin1 : Charset::kUnknown;
}

std::string to_base64(ByteSpan data) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < data.size(); at += 3) {
    const std::size_t held = std::min<std::size_t>(3, data.size() - at);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8U | (i < held ? data[at + i] : 0U);
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= held ? kDigits[bits >> (18 - 6 * i) & 0x3FU] : '=';
    }
  }
  return out;
}

// The value, or nothing where it cannot be one of its kind.
std::optional<Value> value_of(IptcKind kind, ByteSpan data, Charset charset) {
  switch (kind) {
    case IptcKind::kNumber: {
      if (data.empty() || data.size() > sizeof(std::uint32_t)) return std::nullopt;
      std::int64_t number = 0;
      for (const std::uint8_t byte : data) number = number << 8 | byte;
      return number;
    }
    case IptcKind::kBinary:
      if (data.size() > kMaxBinary) return std::nullopt;
      return to_base64(data);
    case IptcKind::kText:
      break;
  }
  return charset == Charset::kLatin1 ? windows_1252_to_utf8(as_text(data)) : to_utf8(as_text(data));
}

// A repeatable dataset collects its values; of another one the last counts.
void put(Object& object, const IptcDataset& dataset, Value value) {
  const std::string_view title = dataset.title;
  Value* known = object.find(title);
  if (dataset.repeatable) {
    if (known == nullptr) {
      object.append(std::string(title), Array{});
      known = object.find(title);
    }
    std::get<Array>(*known).push_back(std::move(value));
  } else if (known != nullptr) {
    *known = std::move(value);
  } else {
    object.append(std::string(title), std::move(value));
  }
}

struct Dataset {
  std::uint8_t record = 0;
  std::uint8_t number = 0;
  ByteSpan data;
};

// Takes the dataset that `stream` begins with off it; nothing where there is none, or a cut one.
std::optional<Dataset> next_dataset(ByteSpan& stream) {
  if (stream.size() < kHeaderSize || stream[0] != kTagMarker) return std::nullopt;
  Dataset dataset{.record = stream[1], .number = stream[2], .data = {}};
  std::uint64_t length = be16(stream, 3);
  std::size_t start = kHeaderSize;
  if (length >= kExtended) {
    const std::size_t length_size = length - kExtended;
    if (length_size > kMaxLengthSize || length_size > stream.size() - start) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < length_size; ++i) length = length << 8U | stream[start + i];
    start += length_size;
  }
  if (length > stream.size() - start) return std::nullopt;
  dataset.data = stream.subspan(start, length);
  stream = stream.subspan(start + length);
  return dataset;
}

}  // namespace

Object read_iptc(ByteSpan stream) {
  Object object;
  Charset charset = Charset::kUnknown;
  for (unsigned count = 0; count < kMaxDatasets; ++count) {
    const auto dataset = next_dataset(stream);
    if (!dataset) break;
    if (dataset->record == kEnvelopeRecord && dataset->number == kCodedCharacterSet) {
      charset = charset_of(as_text(dataset->data));
    }
    const IptcDataset* known = iptc_dataset(dataset->record, dataset->number);
    if (known == nullptr) continue;
    auto value = value_of(known->kind, dataset->data, charset);
    if (value) put(object, *known, *std::move(value));
  }
  return object;
}

}  // namespace imgpeek
