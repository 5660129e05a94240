// Image sequences: pictures in the tracks of a HEIF file (ISO/IEC 23008-12, 7).
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "image/box.h"
#include "image/heif/heif_properties.h"

namespace imgpeek {

struct ImageSequence {
  ImageSize size;  // as shown
  std::uint64_t frames = 0;
  FourCc codec = 0;  // the sample entry's type
};

// The sequence in the first picture track of the file's `moov`; none where there is no such track.
// Throws Missing.
std::optional<ImageSequence> read_image_sequence(Bytes& bytes);

// The same of one `trak`.
std::optional<ImageSequence> read_track(Bytes& bytes, const Box& trak);

}  // namespace imgpeek
