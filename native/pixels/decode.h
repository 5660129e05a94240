// Decodes the pixels of a picture that is held whole, with libvips, or of a RAW with LibRaw.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "bytes.h"
#include "pixels/pixels.h"

namespace imgpeek {

// The longest side of the copy that is decoded, in pixels, where no more are asked for; no picture
// is enlarged.
inline constexpr unsigned kWorkingSide = 512;

// How much may be decoded.
struct DecodeLimits {
  std::uint64_t max_resolution = 0;  // pixels of a picture, or of all frames of an animation
  // Pixels of a frame, which then count one by one and not all together; 0 for no such limit.
  std::uint64_t max_frame_resolution = 0;
  unsigned max_frames = 1;     // of an animation that count, or more where `page` is beyond
  bool png_unlimited = false;  // the limits on chunks are off
  bool svg_unlimited = false;  // libxml2's limits are off
  // When to give up, where libvips can be stopped: between some rows and the next.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

// A picture to decode.
struct Picture {
  ByteSpan file;            // all of it; must outlive the decoding
  std::string_view format;  // as Info has it
  bool raw = false;         // of a camera, likewise
  unsigned page = 0;        // or frame, from 0
  int orientation = 1;      // EXIF's, 1 to 8
};

// Whether pictures of this format are decoded at all, RAWs apart.
bool can_decode(std::string_view format);

// A copy of a picture with a longest side of so much at most.
struct Decoded {
  Pixels pixels;
  bool exact = false;  // its pixels are those of the picture, neither shrunk nor rounded
};

// The picture, upright, in sRGB by its own profile, and shrunk while it is decoded where the format
// can. `side` is the longest that it may have. Throws Undecodable.
Decoded decode(const Picture& picture, const DecodeLimits& limits, unsigned side = kWorkingSide);

// Whether a pixel of the picture is not opaque, by a look at each in its full size: for an
// animation of `limits.max_frames` frames from `page` on. No more than some rows are held where the
// format lets it. Throws Undecodable.
bool find_transparency(const Picture& picture, const DecodeLimits& limits);

}  // namespace imgpeek
