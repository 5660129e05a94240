// Colours as they stand in an answer.
#pragma once

#include <vector>

#include "pixels/dominant_colors.h"
#include "pixels/pixels.h"
#include "value.h"

namespace imgpeek {

// {R, G, B, A}
Object to_object(const Color& color);

// The same of each.
Array to_array(const std::vector<Color>& colors);

// {R, G, B} by name, of those that there are.
Object to_object(const DominantColors& colors);

}  // namespace imgpeek
