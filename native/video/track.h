// A track of a movie (ISO/IEC 14496-12, 8.3; QTFF, "Track Atoms").
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "bytes.h"
#include "image/box.h"
#include "video/container.h"

namespace imgpeek {

// A display matrix as it is stored: rows of 16.16, 16.16 and 2.30 fixed-point numbers.
using DisplayMatrix = std::array<std::int32_t, 9>;

struct Track {
  std::uint32_t id = 0;
  FourCc handler = 0;  // `vide`, `soun`, …
  PictureSize stored;  // of the first sample entry, else of the track header
  DisplayMatrix matrix{};
  std::uint32_t timescale = 0;  // units a second of what follows
  std::uint64_t duration = 0;   // of the media; 0 where the movie is in fragments
  std::uint64_t data_size = 0;  // bytes of all samples; only where asked for
  // Seconds that the edit list shows, empty edits included; none without an edit list.
  std::optional<double> edited;
};

// Reads a `trak` box; `movie_timescale` is that of the movie header. Sample sizes are summed up
// only where `with_sizes`. What is missing or damaged stays empty. Throws Missing.
Track read_track(Bytes& bytes, const Box& trak, std::uint32_t movie_timescale, bool with_sizes);

// The matrix at `offset` of the file.
DisplayMatrix read_matrix(Bytes& bytes, std::uint64_t offset);

// True where track and movie together turn the picture by 90° or 270°.
bool is_transposed(const DisplayMatrix& track, const DisplayMatrix& movie);

}  // namespace imgpeek
