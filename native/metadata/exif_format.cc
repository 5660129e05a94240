#include "metadata/exif_format.h"

#include <libexif/exif-utils.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string_view>

#include "metadata/text.h"

namespace imgpeek {
namespace {

// Longest formatted values, in bytes: of text, and of numbers one after another.
constexpr std::size_t kMaxText = 65536;
constexpr std::size_t kMaxNumbers = 1024;
// What libexif adds to a text is short: "(Photographer) - [None] (Editor)".
constexpr std::size_t kMaxAddition = 64;

void point(ExifEntry* entry, const TiffField& field) {
  entry->tag = static_cast<ExifTag>(field.tag);
  entry->format = static_cast<ExifFormat>(field.type);
  entry->components = field.count;
  // libexif has no const here; formatting does not write.
  entry->data = const_cast<unsigned char*>(field.data.data());
  entry->size = static_cast<unsigned>(field.data.size());
}

void unpoint(ExifEntry* entry) {
  entry->tag = static_cast<ExifTag>(0);
  entry->components = 0;
  entry->data = nullptr;
  entry->size = 0;
}

// A SHORT in the block's byte order.
using Short = std::array<std::uint8_t, 2>;

// The value of a lone integer of another type than SHORT, if a SHORT could hold it.
std::optional<std::uint16_t> small_integer(const TiffField& field, ExifByteOrder order) {
  if (field.count != 1) return std::nullopt;
  std::uint32_t value = 0;
  switch (field.type) {
    case EXIF_FORMAT_BYTE:
    case EXIF_FORMAT_SBYTE:
      value = field.data[0];
      break;
    case EXIF_FORMAT_SSHORT:
      value = exif_get_short(field.data.data(), order);
      break;
    case EXIF_FORMAT_LONG:
    case EXIF_FORMAT_SLONG:
      value = exif_get_long(field.data.data(), order);
      break;
    default:
      return std::nullopt;
  }
  if (value > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

// The field in the type that its tag is likelier to have: what libexif's fix-up does, which would
// add fields besides. `made` must live as long as what is returned.
std::optional<TiffField> retyped(TiffField field, ExifByteOrder order, Short& made) {
  if (field.type == EXIF_FORMAT_RATIONAL || field.type == EXIF_FORMAT_SRATIONAL) {
    const bool is_signed = field.type == EXIF_FORMAT_SRATIONAL;
    field.type = is_signed ? EXIF_FORMAT_RATIONAL : EXIF_FORMAT_SRATIONAL;
    return field;
  }
  const auto value = small_integer(field, order);
  if (!value) return std::nullopt;
  exif_set_short(made.data(), order, *value);
  field.type = EXIF_FORMAT_SHORT;
  field.data = made;
  return field;
}

}  // namespace

ExifFormatter::ExifFormatter(bool big_endian, const std::vector<TiffField>& first_directory)
    : data_(exif_data_new()) {
  if (!data_) throw std::bad_alloc();
  exif_data_set_byte_order(data_.get(),
                           big_endian ? EXIF_BYTE_ORDER_MOTOROLA : EXIF_BYTE_ORDER_INTEL);
  for (const auto tag : {EXIF_TAG_MAKE, EXIF_TAG_MODEL}) {
    const auto field = std::ranges::find(first_directory, tag, &TiffField::tag);
    if (field != first_directory.end()) point(add_entry(EXIF_IFD_0), *field);
  }
}

ExifFormatter::~ExifFormatter() {
  // The values belong to the block.
  for (const ExifContent* content : data_->ifd) {
    for (unsigned i = 0; i < content->count; ++i) unpoint(content->entries[i]);
  }
}

ExifEntry* ExifFormatter::add_entry(ExifIfd directory) {
  ExifEntry* entry = exif_entry_new();
  if (entry == nullptr) throw std::bad_alloc();
  exif_content_add_entry(data_->ifd[directory], entry);  // takes a reference
  exif_entry_unref(entry);
  return entry;
}

std::string_view ExifFormatter::words(ExifIfd directory, const TiffField& field) {
  ExifEntry*& pen = pens_.at(directory);
  if (pen == nullptr) pen = add_entry(directory);
  point(pen, field);
  buffer_.resize(field.type == EXIF_FORMAT_ASCII
                     ? std::min(field.data.size(), kMaxText) + kMaxAddition
                     : kMaxNumbers);
  const char* text =
      exif_entry_get_value(pen, buffer_.data(), static_cast<unsigned>(buffer_.size()));
  unpoint(pen);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string ExifFormatter::format(ExifIfd directory, const TiffField& field) {
  std::string_view text = words(directory, field);
  if (text.empty()) {
    Short made{};
    const auto other = retyped(field, exif_data_get_byte_order(data_.get()), made);
    if (other) text = words(directory, *other);
  }
  return to_utf8(text);
}

}  // namespace imgpeek
