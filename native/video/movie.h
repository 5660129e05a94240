// The boxes of an MP4 or QuickTime file (ISO/IEC 14496-12; QTFF): where they lie, and what of the
// movie's box libavformat needs.
#pragma once

#include <optional>
#include <vector>

#include "bytes.h"
#include "image/box.h"
#include "info.h"
#include "metadata/blocks.h"
#include "video/view.h"

namespace imgpeek {

struct Movie {
  std::optional<Box> file_type;
  std::optional<Box> movie;
  std::optional<Box> segment_index;
  std::optional<Box> first_fragment;
  bool fragmented = false;  // only known where the movie's box was required whole
  // Boxes beside and inside the movie that hold metadata.
  std::vector<Box> metadata;
};

// Walks the file's boxes by their headers. The movie's box is required whole where `whole_movie`.
// Throws Missing, or Malformed where there is no movie.
Movie find_movie(Bytes& bytes, const Wanted& wanted, bool whole_movie);

// Reads the metadata boxes into `blocks`. Throws Missing.
void read_movie_metadata(Bytes& bytes, const Movie& movie, const Wanted& wanted,
                         MetadataBlocks& blocks);

// A movie's box without its sample tables. libavformat makes an index of every sample of them,
// which costs it more time and memory than all the rest, and which nobody asks for.
View without_samples(Bytes& bytes, const Box& movie);

}  // namespace imgpeek
