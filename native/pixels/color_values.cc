#include "pixels/color_values.h"

#include <cstdint>
#include <optional>

namespace imgpeek {
namespace {

Object to_rgb(const Color& color) {
  Object object;
  object.append("R", std::int64_t{color.r});
  object.append("G", std::int64_t{color.g});
  object.append("B", std::int64_t{color.b});
  return object;
}

}  // namespace

Object to_object(const Color& color) {
  Object object = to_rgb(color);
  object.append("A", std::int64_t{color.a});
  return object;
}

Array to_array(const std::vector<Color>& colors) {
  Array array;
  for (const Color& color : colors) array.emplace_back(to_object(color));
  return array;
}

Object to_object(const DominantColors& colors) {
  Object object;
  const auto add = [&object](const char* name, const std::optional<Color>& color) {
    if (color) object.append(name, to_rgb(*color));
  };
  add("vibrant", colors.vibrant);
  add("light_vibrant", colors.light_vibrant);
  add("dark_vibrant", colors.dark_vibrant);
  add("muted", colors.muted);
  add("light_muted", colors.light_muted);
  add("dark_muted", colors.dark_muted);
  return object;
}

}  // namespace imgpeek
