// How libvips would describe pixels, for formats that it has no loader of its own for.
#pragma once

#include <string_view>

#include "image/image.h"

namespace imgpeek {

// Sets bands and sample_format, and the colorspace that libvips' loaders pick for such samples: one
// and two bands are grey, three and four are sRGB, more have no meaning that is known.
inline void set_pixel_format(Image& image, unsigned bands, std::string_view sample_format) {
  const bool wide = sample_format == "ushort";
  image.bands = bands;
  image.sample_format = sample_format;
  if (bands <= 2) {
    image.colorspace = wide ? "grey16" : "b-w";
  } else if (bands <= 4) {
    image.colorspace = wide ? "rgb16" : "srgb";
  } else {
    image.colorspace = "multiband";
  }
}

}  // namespace imgpeek
