#include "metadata/exif_format.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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

// Tags whose text libexif gives as it stands. It asks for a translation before it looks at any.
constexpr auto kPlainTexts = std::to_array<std::uint16_t>({
    0x0001, 0x0003, 0x001D,  // InteroperabilityIndex, GPS…Ref, GPSDateStamp
    0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B,  // ImageDescription to Artist
    0x9003, 0x9004, 0x9010, 0x9011, 0x9012,          // DateTimeOriginal to OffsetTimeDigitized
    0x9290, 0x9291, 0x9292,                          // SubsecTime…
    0xA420, 0xA430, 0xA431, 0xA433, 0xA434, 0xA435,  // ImageUniqueID to LensSerialNumber
});
static_assert(std::ranges::is_sorted(kPlainTexts));

bool is_plain_text(const TiffField& field) {
  return field.type == EXIF_FORMAT_ASCII && std::ranges::binary_search(kPlainTexts, field.tag);
}

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
  if (is_plain_text(field)) {
    const std::string_view text = as_text(field.data).substr(0, kMaxText + kMaxAddition - 1);
    return to_utf8(text.substr(0, text.find('\0')));
  }
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
