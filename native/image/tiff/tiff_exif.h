// EXIF of files of TIFF's shape, whose fields lie scattered, as the one compact block that the
// metadata readers take.
#pragma once

#include <libexif/exif-ifd.h>

#include <cstdint>
#include <vector>

#include "bytes.h"
#include "image/tiff/tiff_directory.h"
#include "image/tiff/tiff_writer.h"

namespace imgpeek {

// Collects fields and writes them into a classic TIFF structure: IFD 0 and what it points to (EXIF,
// GPS, Interoperability), the values re-based, in the byte order of their file.
//
// Left out are fields that libexif does not know, values over 64 KiB, all that comes after the
// first MiB, blocks that have a field of their own in the answer (XMP, IPTC, ICC, Photoshop),
// pointers to other directories, and the maker note, whose own offsets would point anywhere once it
// is moved.
class TiffExif {
 public:
  explicit TiffExif(ByteOrder order) : order_(order) {}

  // Announces the values of `directory` to `tiff`, so that add() finds them.
  static void want(Tiff& tiff, const TiffDirectory& directory, ExifIfd ifd);

  // Adds the fields of `directory` to `ifd`, of each tag the first; once for each `ifd`. Values
  // that the file does not hold whole are left out. Throws Missing for what was not fetched. `tiff`
  // must be of this byte order.
  void add(Tiff& tiff, const TiffDirectory& directory, ExifIfd ifd);

  // The block, from its byte-order mark on; empty where there are no fields.
  std::vector<std::uint8_t> build() const;

 private:
  ByteOrder order_;
  // By ExifIfd; that of IFD 1 stays empty.
  std::vector<NewTiffDirectory> directories_ = std::vector<NewTiffDirectory>(EXIF_IFD_COUNT);
  std::uint64_t length_ = 0;  // of all values, in bytes
};

// One EXIF block of structures that each hold one directory as their IFD 0, as Canon's CR3 does
// (CMT1, CMT2, CMT4). Any may be empty; those that are damaged are left out, as are those in
// another byte order than the first. Empty where nothing is left.
std::vector<std::uint8_t> stitch_exif(ByteSpan ifd0, ByteSpan exif, ByteSpan gps);

}  // namespace imgpeek
