// describe_pixels WIDTH HEIGHT COLORS X Y FILE: all that native/pixels computes from the raw RGBA
// in FILE, as JSON.
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pixels/average.h"
#include "pixels/blurhash.h"
#include "pixels/dominant_colors.h"
#include "pixels/palette.h"
#include "pixels/perceptual_hash.h"
#include "pixels/pixels.h"
#include "pixels/thumb_hash.h"
#include "pixels/transparency.h"
#include "value.h"

namespace {

using imgpeek::Array;
using imgpeek::Color;
using imgpeek::Object;
using imgpeek::Pixels;

Array to_array(const Color& color) {
  Array out;
  for (const std::int64_t channel : {color.r, color.g, color.b, color.a}) {
    out.emplace_back(channel);
  }
  return out;
}

Object to_object(const imgpeek::DominantColors& colors) {
  Object out;
  const auto add = [&out](const char* name, const std::optional<Color>& color) {
    if (color) out.add(name, to_array(*color));
  };
  add("vibrant", colors.vibrant);
  add("light_vibrant", colors.light_vibrant);
  add("dark_vibrant", colors.dark_vibrant);
  add("muted", colors.muted);
  add("light_muted", colors.light_muted);
  add("dark_muted", colors.dark_muted);
  return out;
}

Object describe(const Pixels& pixels, unsigned colors, unsigned x, unsigned y) {
  Array palette;
  for (const Color& color : imgpeek::palette(pixels, colors)) {
    palette.emplace_back(to_array(color));
  }
  Object out;
  out.add("average", to_array(imgpeek::average(pixels, false)));
  out.add("averageOfVisible", to_array(imgpeek::average(pixels, true)));
  out.add("palette", palette);
  out.add("dominantColors", to_object(imgpeek::dominant_colors(pixels, false)));
  out.add("builtColors", to_object(imgpeek::dominant_colors(pixels, true)));
  out.add("blurhash", imgpeek::blurhash(pixels, x, y));
  out.add("thumbHash", imgpeek::thumb_hash(pixels));
  out.add("perceptualHash", imgpeek::perceptual_hash(pixels));
  out.add("transparency", imgpeek::has_transparency(pixels));
  return out;
}

unsigned to_number(const std::string& text) { return static_cast<unsigned>(std::stoul(text)); }

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> args(values, values + count);
  if (args.size() != 7) {
    std::cerr << "describe_pixels WIDTH HEIGHT COLORS X Y FILE\n";
    return 2;
  }
  Pixels pixels;
  pixels.width = to_number(args[1]);
  pixels.height = to_number(args[2]);
  pixels.has_alpha = true;
  std::ifstream file(args[6], std::ios::binary);
  pixels.rgba.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  if (pixels.rgba.size() != std::size_t{4} * pixels.width * pixels.height) {
    std::cerr << "not so many pixels\n";
    return 2;
  }
  std::cout << imgpeek::to_json(
      describe(pixels, to_number(args[3]), to_number(args[4]), to_number(args[5])));
  return 0;
}
