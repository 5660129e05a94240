// Movie fragments (ISO/IEC 14496-12, 8.8): how long a movie is whose `moov` does not say.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "bytes.h"
#include "image/box.h"

namespace imgpeek {

// What of one track a fragment tells, in units of the track's timescale.
struct FragmentTrack {
  std::uint64_t samples = 0;
  std::uint64_t duration = 0;          // of these samples
  std::optional<std::uint64_t> begin;  // decode time of the first, where the fragment says so
};

using FragmentTracks = std::map<std::uint32_t, FragmentTrack>;    // by track
using DefaultDurations = std::map<std::uint32_t, std::uint32_t>;  // by track, of a sample

// Sample durations by `trex` in `mvex`; `duration` becomes that of `mehd`, in the movie's
// timescale, where there is one.
DefaultDurations read_extends(Bytes& bytes, const Box& mvex,
                              std::optional<std::uint64_t>& duration);

// Reads a `moof` box, which must be whole. Damage ends it early. Throws Missing.
FragmentTracks read_fragment(Bytes& bytes, const Box& moof, const DefaultDurations& defaults);

// The sum of a segment index (8.16.3) in seconds; none where it does not reach the end.
std::optional<double> read_segment_index(Bytes& bytes, const Box& sidx);

// The last `moof` of the file, found by the random access index at its end (8.8.10, 8.8.11) or,
// where there is none, in the last bytes of the file. Throws Missing.
std::optional<Box> find_last_fragment(Bytes& bytes, std::uint64_t size);

// The longest `moof` that is read, in bytes.
inline constexpr std::uint64_t kMaxFragmentHeader = 4U << 20U;

}  // namespace imgpeek
