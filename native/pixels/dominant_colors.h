// The six colours that Android's Palette picks out of a picture.
#pragma once

#include <optional>

#include "pixels/pixels.h"

namespace imgpeek {

// Each with full alpha.
struct DominantColors {
  std::optional<Color> vibrant;
  std::optional<Color> light_vibrant;
  std::optional<Color> dark_vibrant;
  std::optional<Color> muted;
  std::optional<Color> light_muted;
  std::optional<Color> dark_muted;
};

// By the method and the numbers of androidx.palette, over all pixels, each as far as it is opaque;
// a colour is the mean of the pixels that it stands for (Android answers multiples of 8).
//
// With `build_missed`, what is not found is made of what is: the hue of the nearest, the lightness
// that is looked for, and a saturation within its bounds; what has no hue to speak of stays grey.
// The example in imgproxy's documentation comes out so. Where none is found there is none to build
// from: a picture all black, white or skin has no such colours.
DominantColors dominant_colors(const Pixels& pixels, bool build_missed);

}  // namespace imgpeek
