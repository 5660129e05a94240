// What libexif calls the tags that it knows.
#pragma once

#include <libexif/exif-ifd.h>

#include <cstdint>
#include <string_view>

namespace imgpeek {

struct ExifTagNames {
  std::string_view name;   // "DateTime"
  std::string_view title;  // "Date and Time"
};

// The names of `tag` in `directory`, or nullptr where libexif does not know it there. They live
// for ever; so does what is pointed to.
const ExifTagNames* exif_tag_names(ExifIfd directory, std::uint16_t tag);

}  // namespace imgpeek
