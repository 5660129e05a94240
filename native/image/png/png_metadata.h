// The metadata in a PNG's chunks.
#pragma once

#include <cstddef>
#include <string_view>

#include "bytes.h"
#include "image/image.h"
#include "image/metadata_block.h"
#include "image/png/png_chunks.h"
#include "info.h"

namespace imgpeek {

// Collects the blocks that are wanted, chunk by chunk; the first of a kind counts. Not to outlive
// what it is made from.
class PngMetadata {
 public:
  PngMetadata(Bytes& bytes, const Wanted& wanted, PngChunks& chunks)
      : bytes_(bytes), wanted_(wanted), chunks_(chunks) {}

  // Takes what the chunk holds, if it is wanted. Throws Missing.
  void take(const PngChunk& chunk);

  // True where further chunks may hold something wanted; what is wanted for the orientation only
  // does not count behind the pixels.
  bool wants_more(bool behind_pixels) const;

  // Hands over what was found.
  MetadataBlocks finish();

 private:
  // What the keyword of a text chunk says about its text.
  enum class Kind { kNone, kXmp, kExifProfile, kApp1Profile, kIptcProfile, kXmpProfile };

  static Kind kind_of(std::string_view keyword);
  bool wants(Kind kind) const;
  void take_text(const PngChunk& chunk);
  void take_block(Kind kind, ByteSpan block);

  Bytes& bytes_;
  const Wanted& wanted_;
  PngChunks& chunks_;
  MetadataBlocks blocks_;
  // What texts may still inflate to, all together: a file of a few KiB can hold hundreds that
  // inflate to the most of one block.
  std::size_t room_ = kMaxMetadataBlock;
  ByteSpan profile_exif_;  // counts where there is no eXIf chunk
};

}  // namespace imgpeek
