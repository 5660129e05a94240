// libexif as a formatter: a field's value as the text that its users see.
#pragma once

#include <libexif/exif-data.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "metadata/tiff_block.h"

namespace imgpeek {

// libexif's own loader copies each value, the thumbnail too, and takes maker notes apart. Only its
// formatting is wanted: it is given entries that point into the block.
class ExifFormatter {
 public:
  // `first_directory` are the fields of IFD 0: some cameras' values depend on the make and model.
  // The fields' memory must outlive this object.
  ExifFormatter(bool big_endian, const std::vector<TiffField>& first_directory);
  ~ExifFormatter();
  ExifFormatter(const ExifFormatter&) = delete;
  ExifFormatter& operator=(const ExifFormatter&) = delete;

  // The value of `field`, which must have data, in libexif's words and valid UTF-8.
  std::string format(ExifIfd directory, const TiffField& field);

 private:
  struct Unref {
    void operator()(ExifData* data) const noexcept { exif_data_unref(data); }
  };

  ExifEntry* add_entry(ExifIfd directory);

  std::unique_ptr<ExifData, Unref> data_;
  std::array<ExifEntry*, EXIF_IFD_COUNT> pens_{};  // owned by data_; one entry for all fields
  std::string buffer_;
};

}  // namespace imgpeek
