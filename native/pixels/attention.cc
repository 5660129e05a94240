#include "pixels/attention.h"

#include <vips/vips.h>

#include <algorithm>

#include "pixels/vips_pixels.h"

namespace imgpeek {

Place find_attention(const Pixels& pixels, unsigned width, unsigned height) {
  const VipsScope scope;
  const VipsPtr part = run("smartcrop", vips_smartcrop, over(pixels), static_cast<int>(width),
                           static_cast<int>(height), "interesting", VIPS_INTERESTING_ATTENTION);
  // An area that was cut out remembers where from, in negative numbers.
  return {static_cast<unsigned>(std::max(0, -vips_image_get_xoffset(part.get()))),
          static_cast<unsigned>(std::max(0, -vips_image_get_yoffset(part.get())))};
}

}  // namespace imgpeek
