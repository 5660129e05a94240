// The orientation of pictures whose files tell degrees.
#pragma once

#include <cstdint>

namespace imgpeek {

// EXIF's orientation (EXIF 2.32, 4.6.5.1) of a picture that is shown turned clockwise by so many
// degrees, or by fewer than 0 the other way; 1 where that is no quarter.
inline int orientation_of_turn(std::int32_t degrees) {
  constexpr std::int32_t kFull = 360;
  switch ((degrees % kFull + kFull) % kFull) {
    case 90:
      return 6;
    case 180:
      return 3;
    case 270:
      return 8;
    default:
      return 1;
  }
}

}  // namespace imgpeek
