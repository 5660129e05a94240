// The chunks of a PNG (W3C PNG, third edition, 5.3).
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "image/box.h"
#include "image/hops.h"

namespace imgpeek {

struct PngChunk {
  // A length and a type before the data, a checksum after it.
  static constexpr std::uint64_t kHeaderLength = 8;
  static constexpr std::uint64_t kOverhead = kHeaderLength + 4;

  FourCc type = 0;
  std::uint64_t offset = 0;  // of the file
  std::uint64_t length = 0;  // of the data

  std::uint64_t data() const { return offset + kHeaderLength; }
  std::uint64_t end() const { return offset + kOverhead + length; }
};

// Steps over chunks, reading their headers only. Not to outlive `bytes`.
class PngChunks {
 public:
  explicit PngChunks(Bytes& bytes) : bytes_(bytes), hops_(bytes) {}

  // The next chunk; none after IEND, at damage and at the end of the file. Throws Missing.
  std::optional<PngChunk> next();

  // Throws Missing unless `range` of the file, from inside the last chunk on, is held. What is
  // fetched holds the header after it, too.
  void reach(Range range) { hops_.reach(range.offset, range.length); }

  // Goes on behind the pixels, of which `first` is the first chunk, without stepping over each
  // chunk of them where the size of the file is known. False where nothing follows. Throws Missing.
  bool skip_pixels(const PngChunk& first, bool is_animated);

 private:
  std::optional<PngChunk> read_header(std::uint64_t offset);
  std::optional<std::uint64_t> find_by_stride(const PngChunk& first, std::uint64_t size);
  std::optional<std::uint64_t> find_in_tail(const PngChunk& first, std::uint64_t size);

  Bytes& bytes_;
  Hops hops_;
  std::uint64_t offset_ = 8;  // past the signature
  unsigned count_ = 0;
};

}  // namespace imgpeek
