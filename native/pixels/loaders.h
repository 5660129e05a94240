// libvips' loaders, each by its name: no other ever looks at the bytes.
#pragma once

#include <vips/vips.h>

#include <string_view>

#include "bytes.h"
#include "pixels/vips_pixels.h"

namespace imgpeek {

// How a loader is asked.
struct Loading {
  int page = 0;
  int frames = 1;
  int shrink = 1;    // whole, of a JPEG's DCT: 1, 2, 4 or 8
  double scale = 1;  // of a WebP or an SVG, at most 1
  bool png_unlimited = false;
  bool svg_unlimited = false;

  bool operator==(const Loading&) const = default;
};

struct Loader {
  std::string_view format;  // as Info has it
  int (*load)(VipsSource* source, const Loading& loading, VipsImage** out) = nullptr;
  bool paged = false;         // it has pages, or frames
  bool animated = false;      // its pages are frames, of one size
  bool turns_itself = false;  // it applies the file's own transforms, and EXIF's is to turn nothing
  bool shrinks = false;       // by `shrink`
  bool scales = false;        // by `scale`
  bool is_vector = false;     // it has as many pixels as it is asked for
  // Decodes the frames of an animation, of which `load` gives the header alone; nullptr where it
  // gives them.
  VipsPtr (*decode_frames)(ByteSpan file, const Loading& loading, const VipsPtr& header) = nullptr;
};

// The pages that libvips' loaders count to.
inline constexpr unsigned kMaxPages = 100'000;

// The loader of a format, or nullptr where it has none that may see a stranger's bytes.
const Loader* find_loader(std::string_view format);

}  // namespace imgpeek
