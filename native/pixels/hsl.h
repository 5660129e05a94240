// Hue, saturation and lightness (CSS Color 4, section 7).
#pragma once

namespace imgpeek {

// 0 to 255 each, not rounded.
struct Rgb {
  double r = 0;
  double g = 0;
  double b = 0;
};

// Hue in degrees, 0 to 360 and 0 where there is none; saturation and lightness 0 to 1.
struct Hsl {
  double hue = 0;
  double saturation = 0;
  double lightness = 0;
};

Hsl to_hsl(const Rgb& rgb);
Rgb to_rgb(const Hsl& hsl);

}  // namespace imgpeek
