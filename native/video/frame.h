// One frame of a film, decoded.
#pragma once

#include <chrono>
#include <cstdint>

#include "bytes.h"
#include "pixels/decode.h"
#include "pixels/pixels.h"

namespace imgpeek {

// Which frame stands for a film, and how far it may be looked for.
struct FrameWanted {
  double second = 1;
  bool keyframe_only = false;            // the last one before that second
  std::uint64_t probe_size = 5'000'000;  // bytes read to find the streams out
  std::chrono::milliseconds
      max_analysis{};  // of the streams, read to find them out; 0: as libavformat has it
};

// The frame at the second, or the last one of a film that is shorter, upright and with `side`
// pixels on its longest side at most. Of sound with a cover it is the cover. Throws Missing for
// what must be held of the file, Undecodable, and Malformed.
Pixels decode_frame(Bytes& bytes, const FrameWanted& wanted, const DecodeLimits& limits,
                    unsigned side = kWorkingSide);

}  // namespace imgpeek
