// The metadata in a JPEG's application segments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "image/image.h"
#include "image/jpeg/jpeg_segments.h"
#include "info.h"

namespace imgpeek {

// Collects the blocks that are wanted, segment by segment; the first of a kind counts. Not to
// outlive what it is made from.
class JpegMetadata {
 public:
  JpegMetadata(Bytes& bytes, const Wanted& wanted, JpegSegments& segments)
      : bytes_(bytes), wanted_(wanted), segments_(segments) {}

  // Takes what the segment holds, if it is wanted. Throws Missing.
  void take(const JpegSegment& segment);

  // True where further segments may hold something wanted.
  bool wants_more() const;

  // Hands over what was found.
  MetadataBlocks finish();

 private:
  // A portion of extended XMP (XMP Specification Part 3, 1.1.3.1).
  struct Portion {
    std::string_view guid;     // of the whole
    std::uint64_t whole = 0;   // its length
    std::uint64_t offset = 0;  // in the whole
    ByteSpan data;
  };

  void take_exif(Range block);
  void take_xmp(Range block);
  void take_extended_xmp(const JpegSegment& segment, ByteSpan start);
  // Whether the whole that `guid` names is the main packet's, as far as is known.
  bool is_extension(std::string_view guid) const;
  // The extended XMP packet; empty where portions of it are missing.
  ByteSpan join_portions();
  void take_resources(Range block);
  void jump_over_profile(const JpegSegment& segment, ByteSpan start);

  Bytes& bytes_;
  const Wanted& wanted_;
  JpegSegments& segments_;
  MetadataBlocks blocks_;
  std::vector<std::uint8_t> resources_;  // Photoshop's, of all segments so far
  std::size_t resource_ = 0;             // where the one begins that is cut off by the last segment
  bool has_iptc_ = false;
  bool resources_end_ = false;
  std::string_view extended_guid_;  // that the main XMP packet names
  std::vector<Portion> portions_;
};

}  // namespace imgpeek
