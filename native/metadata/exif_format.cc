#include "metadata/exif_format.h"

#include <algorithm>
#include <cstddef>
#include <new>
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

std::string ExifFormatter::format(ExifIfd directory, const TiffField& field) {
  ExifEntry*& pen = pens_.at(directory);
  if (pen == nullptr) pen = add_entry(directory);
  point(pen, field);
  buffer_.resize(field.type == EXIF_FORMAT_ASCII
                     ? std::min(field.data.size(), kMaxText) + kMaxAddition
                     : kMaxNumbers);
  const char* text =
      exif_entry_get_value(pen, buffer_.data(), static_cast<unsigned>(buffer_.size()));
  unpoint(pen);
  return text == nullptr ? std::string() : to_utf8(text);
}

}  // namespace imgpeek
