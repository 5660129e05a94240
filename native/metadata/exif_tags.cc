#include "metadata/exif_tags.h"

#include <libexif/exif-tag.h>

#include <algorithm>
#include <vector>

namespace imgpeek {
namespace {

struct Row {
  std::uint32_t key;  // the directory, then the tag
  ExifTagNames names;
};

std::uint32_t key_of(unsigned directory, unsigned tag) { return directory << 16U | tag; }

// libexif searches its table and asks for a translation at each call; this does it once.
std::vector<Row> all_tags() {
  std::vector<Row> rows;
  for (unsigned i = 0; i < exif_tag_table_count(); ++i) {
    const ExifTag tag = exif_tag_table_get_tag(i);
    for (unsigned directory = 0; directory < EXIF_IFD_COUNT; ++directory) {
      const auto ifd = static_cast<ExifIfd>(directory);
      const char* name = exif_tag_get_name_in_ifd(tag, ifd);
      const char* title = exif_tag_get_title_in_ifd(tag, ifd);
      if (name == nullptr || title == nullptr) continue;
      rows.push_back({key_of(directory, static_cast<unsigned>(tag)), {name, title}});
    }
  }
  std::ranges::sort(rows, {}, &Row::key);
  return rows;
}

}  // namespace

const ExifTagNames* exif_tag_names(ExifIfd directory, std::uint16_t tag) {
  static const std::vector<Row> kRows = all_tags();
  const std::uint32_t key = key_of(static_cast<unsigned>(directory), tag);
  const auto row = std::ranges::lower_bound(kRows, key, {}, &Row::key);
  return row != kRows.end() && row->key == key ? &row->names : nullptr;
}

}  // namespace imgpeek
