#include "pixels/hsl.h"

#include <algorithm>
#include <cmath>

namespace imgpeek {

Hsl to_hsl(const Rgb& rgb) {
  const double max = std::max({rgb.r, rgb.g, rgb.b});
  const double min = std::min({rgb.r, rgb.g, rgb.b});
  const double chroma = max - min;
  Hsl out{.lightness = (max + min) / 2 / 255};
  if (chroma == 0) return out;
  out.saturation = std::min(1.0, chroma / 255 / (1 - std::abs(2 * out.lightness - 1)));
  if (max == rgb.r) {
    out.hue = 60 * (rgb.g - rgb.b) / chroma;
  } else if (max == rgb.g) {
    out.hue = 60 * (rgb.b - rgb.r) / chroma + 120;
  } else {
    out.hue = 60 * (rgb.r - rgb.g) / chroma + 240;
  }
  if (out.hue < 0) out.hue += 360;
  return out;
}

Rgb to_rgb(const Hsl& hsl) {
  const double half = hsl.saturation * std::min(hsl.lightness, 1 - hsl.lightness);
  // How far a channel is from the lightness: in twelfths of the circle, the trapezoid that all
  // three follow, moved.
  const auto channel = [&](double shift) {
    const double place = std::fmod(shift + hsl.hue / 30, 12);
    return 255 * (hsl.lightness - half * std::clamp(std::min(place - 3, 9 - place), -1.0, 1.0));
  };
  return {.r = channel(0), .g = channel(8), .b = channel(4)};
}

}  // namespace imgpeek
