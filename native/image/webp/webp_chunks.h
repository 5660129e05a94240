// The RIFF chunks of a WebP (RFC 9649, 2.3).
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "image/box.h"
#include "image/hops.h"

namespace imgpeek {

struct WebpChunk {
  // A type and a length before the data, which is padded to even.
  static constexpr std::uint64_t kHeaderLength = 8;

  FourCc type = 0;
  std::uint64_t offset = 0;  // of the file
  std::uint64_t length = 0;  // of the data

  std::uint64_t data() const { return offset + kHeaderLength; }
  std::uint64_t end() const { return data() + length + (length & 1U); }
  Range payload() const { return {data(), length}; }
};

// Steps over chunks, reading their headers only. Not to outlive `bytes`.
class WebpChunks {
 public:
  explicit WebpChunks(Bytes& bytes);

  // The next chunk; none after the last. Throws Missing.
  std::optional<WebpChunk> next();

  // Throws Missing unless `range` of the file, from inside the last chunk on, is held. What is
  // fetched holds the header after it, too.
  void reach(Range range) { hops_.reach(range.offset, range.length); }

  // Throws Missing unless all chunks to come are held.
  void reach_all();

  // The same from the last chunks of the file on, which are found from its end backwards.
  // Throws Missing.
  WebpChunks tail() const;

  std::uint64_t offset() const { return offset_; }

  // Where the last chunk ends.
  std::uint64_t end() const { return end_; }

 private:
  Bytes& bytes_;
  Hops hops_;
  std::uint64_t offset_;
  std::uint64_t end_;
  unsigned count_ = 0;
};

}  // namespace imgpeek
