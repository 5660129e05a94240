#include "pixels/shrink.h"

#include "pixels/vips_pixels.h"

namespace imgpeek {

Pixels shrink(const Pixels& pixels, unsigned side) {
  const VipsScope scope;
  const VipsPtr image = over(pixels);
  const Scale scale = scale_to(image, side);
  if (scale.is_none()) return pixels;
  Pixels small = to_pixels(scale_down(image, scale));
  small.has_alpha = pixels.has_alpha;
  return small;
}

Pixels upright(const Pixels& pixels, unsigned side, int orientation) {
  const VipsScope scope;
  Pixels small = shrink(pixels, side);
  if (orientation <= 1) return small;
  Pixels turned = to_pixels(turn(VipsPtr(vips_image_copy_memory(over(small).get())), orientation));
  turned.has_alpha = pixels.has_alpha;
  return turned;
}

}  // namespace imgpeek
