// The marker segments of a JPEG up to its first scan (ITU-T T.81, annex B).
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "image/hops.h"

namespace imgpeek {

// T.81, table B.1
inline constexpr std::uint8_t kApp1 = 0xE1;
inline constexpr std::uint8_t kApp2 = 0xE2;
inline constexpr std::uint8_t kApp13 = 0xED;

// A marker and what follows its length field: [offset, offset + length) of the file.
struct JpegSegment {
  std::uint8_t marker = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  Range payload() const { return {offset, length}; }
};

// Steps over the segments, reading their headers only. Where two long ones of equal length follow
// each other, as parts of one block do, more are guessed to: their headers are then asked for all
// at once. A wrong guess costs some small ranges; what they hold is not looked at. Not to outlive
// `bytes`.
class JpegSegments {
 public:
  explicit JpegSegments(Bytes& bytes) : bytes_(bytes), hops_(bytes) {}

  // The next segment; none where the scan or the end of the image follows. Throws Missing, and
  // Malformed where there is no segment.
  std::optional<JpegSegment> next();

  // Throws Missing unless `range` of the file, from inside the last segment on, is held. What is
  // fetched holds the header after it, too.
  void reach(Range range) { hops_.reach(range.offset, range.length); }

  // Goes on at `offset` where a marker stands there; else nothing changes. Throws Missing.
  void jump(std::uint64_t offset);

 private:
  std::uint8_t read_marker();
  // Throws Missing for the headers that are guessed, where the next one is not held.
  void foresee();

  Bytes& bytes_;
  Hops hops_;
  std::uint64_t offset_ = 2;  // past the SOI marker
  std::uint64_t garbage_ = 0;
  unsigned count_ = 0;
  std::uint64_t stride_ = 0;  // from the last segment's marker to its end
  unsigned alike_ = 0;        // segments up to it that are as long
};

}  // namespace imgpeek
