// describe_pixels WIDTH HEIGHT COLORS X Y FILE: all that native/pixels computes from the raw RGBA
// in FILE, as JSON.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "pixels/average.h"
#include "pixels/blurhash.h"
#include "pixels/color_values.h"
#include "pixels/dominant_colors.h"
#include "pixels/palette.h"
#include "pixels/perceptual_hash.h"
#include "pixels/pixels.h"
#include "pixels/thumb_hash.h"
#include "pixels/transparency.h"
#include "value.h"

namespace {

using imgpeek::Object;
using imgpeek::Pixels;

Object describe(const Pixels& pixels, unsigned colors, unsigned x, unsigned y) {
  Object out;
  out.add("average", to_object(imgpeek::average(pixels, false)));
  out.add("averageOfVisible", to_object(imgpeek::average(pixels, true)));
  out.add("palette", to_array(imgpeek::palette(pixels, colors)));
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
