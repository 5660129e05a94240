// The directories (IFDs) of TIFF (TIFF 6.0, section 2) and BigTIFF, which also carry EXIF and most
// camera RAWs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"

namespace imgpeek {

// Field types (TIFF 6.0, section 2; 13 of TIFF Technical Note 1; 16 to 18 of BigTIFF).
inline constexpr std::uint16_t kTiffByte = 1;
inline constexpr std::uint16_t kTiffShort = 3;
inline constexpr std::uint16_t kTiffLong = 4;
inline constexpr std::uint16_t kTiffIfd = 13;
inline constexpr std::uint16_t kTiffLong8 = 16;
inline constexpr std::uint16_t kTiffSlong8 = 17;
inline constexpr std::uint16_t kTiffIfd8 = 18;

// Bytes of one value of a field type; 0 for an unknown type.
std::uint64_t tiff_type_size(std::uint16_t type);

// One field of a directory. Its value is `length` bytes at `position` in the file, be that in the
// entry itself or elsewhere; neither is checked against the end of the file.
struct TiffEntry {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint64_t count = 0;
  std::uint64_t length = 0;
  std::uint64_t position = 0;
};

struct TiffDirectory {
  std::vector<TiffEntry> entries;  // in the order of the file, without unknown types
  std::uint64_t next = 0;          // offset of the next directory of the chain; 0 ends it

  // The first entry of that tag, or nullptr. Valid as long as the directory.
  const TiffEntry* find(std::uint16_t tag) const;
};

// What is fetched of a directory that is not held: its entries alone, or a run of bytes that should
// hold the values that do not fit into them, too.
enum class TiffReach { kEntries, kValues };

// A TIFF structure that begins with the first of `bytes`, which must outlive it.
//
// What is going to be read is announced by want_…() and fetched by fetch_wanted() all at once:
// ranges that lie close together become one. Reading what was not announced works, at the cost of a
// round.
class Tiff {
 public:
  // Reads the header, whatever its magic number. Malformed where there is none.
  explicit Tiff(Bytes& bytes, TiffReach reach = TiffReach::kValues);

  Bytes& bytes() { return bytes_; }
  ByteOrder order() const { return order_; }
  std::uint64_t first_directory() const { return first_directory_; }

  // The directory at `offset`, as far as the file goes. Malformed where there is none.
  TiffDirectory read_directory(std::uint64_t offset);

  // The value of an entry, shorter where the file ends before.
  ByteSpan value(const TiffEntry& entry);

  // The value at `index` of an entry of integers; nothing where there is no such value.
  std::optional<std::uint64_t> number(const TiffEntry& entry, std::uint64_t index = 0);
  std::optional<std::uint64_t> number(const TiffDirectory& directory, std::uint16_t tag,
                                      std::uint64_t index = 0);

  // Announces a directory and, where it is not held, `run` bytes from its start on at least.
  void want_directory(std::uint64_t offset, std::uint64_t run = 0);
  void want_value(const TiffEntry& entry);
  void want(Range range) { wanted_.push_back(range); }

  // Throws one Missing with all that is wanted and not held.
  void fetch_wanted();

  // Integers inside a span, in the structure's byte order. Malformed where it is too short.
  std::uint16_t u16(ByteSpan data, std::size_t offset) const;
  std::uint32_t u32(ByteSpan data, std::size_t offset) const;
  std::uint64_t u64(ByteSpan data, std::size_t offset) const;

 private:
  // The sizes of a directory's parts, in bytes.
  struct Shape {
    std::uint64_t count;   // the number of entries
    std::uint64_t entry;   // one entry
    std::uint64_t offset;  // an offset, or a value that is held in the entry
  };
  static constexpr Shape kClassic{2, 12, 4};
  static constexpr Shape kBig{8, 20, 8};

  std::uint64_t read_count(ByteSpan data) const;
  std::uint64_t read_offset(ByteSpan data, std::size_t offset) const;
  // The bytes to fetch for the directory at `offset`: itself if it is held, else as far as the
  // reach.
  Range directory_range(std::uint64_t offset, std::uint64_t run = 0) const;

  Bytes& bytes_;
  TiffReach reach_;
  ByteOrder order_ = ByteOrder::kLittle;
  Shape shape_ = kClassic;
  std::uint64_t first_directory_ = 0;
  std::vector<Range> wanted_;
};

}  // namespace imgpeek
