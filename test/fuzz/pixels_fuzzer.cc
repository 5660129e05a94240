// libFuzzer over all that is computed from pixels: the input's first bytes are the width, the
// height, and what is asked for; the rest is the pixels, over and over.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "pixels/average.h"
#include "pixels/blurhash.h"
#include "pixels/dominant_colors.h"
#include "pixels/palette.h"
#include "pixels/perceptual_hash.h"
#include "pixels/pixels.h"
#include "pixels/thumb_hash.h"
#include "pixels/transparency.h"

namespace {

using imgpeek::Color;
using imgpeek::DominantColors;
using imgpeek::Pixels;

void check(bool holds) {
  if (!holds) std::abort();
}

auto to_tuple(const Color& color) { return std::tuple(color.r, color.g, color.b, color.a); }

void check_palette(const Pixels& pixels, unsigned colors) {
  const std::vector<Color> palette = imgpeek::palette(pixels, colors);
  check(palette.size() <= std::min<std::size_t>(colors, pixels.rgba.size() / 4));
  check(palette.empty() == pixels.rgba.empty());
  std::set<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint8_t>> different;
  for (const Color& color : palette) different.insert(to_tuple(color));
  check(different.size() == palette.size());
}

void check_dominant_colors(const Pixels& pixels) {
  const DominantColors found = imgpeek::dominant_colors(pixels, false);
  const DominantColors built = imgpeek::dominant_colors(pixels, true);
  std::size_t count_found = 0;
  std::size_t count_built = 0;
  for (const auto member :
       {&DominantColors::vibrant, &DominantColors::light_vibrant, &DominantColors::dark_vibrant,
        &DominantColors::muted, &DominantColors::light_muted, &DominantColors::dark_muted}) {
    count_found += (found.*member).has_value() ? 1 : 0;
    count_built += (built.*member).has_value() ? 1 : 0;
    // What is found is not built anew.
    if (found.*member) check(to_tuple(*(found.*member)) == to_tuple((built.*member).value()));
  }
  check(count_built == (count_found == 0 ? 0 : 6));
}

void check_hashes(const Pixels& pixels, unsigned x, unsigned y) {
  const bool empty = pixels.rgba.empty();
  check(imgpeek::blurhash(pixels, x, y).size() == (empty ? 0 : 4 + 2 * x * y));
  const std::string thumb = imgpeek::thumb_hash(pixels);
  check(empty == thumb.empty() && thumb.size() <= 50);
  check(thumb.find_first_not_of("0123456789ABCDEF") == std::string::npos);
  const std::string hash = imgpeek::perceptual_hash(pixels);
  check(hash.size() == (empty ? 0 : 16));
  check(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kHead = 5;
  constexpr unsigned kMaxSide = 80;
  if (size <= kHead) return 0;
  const std::span<const std::uint8_t> source(data + kHead, size - kHead);
  Pixels pixels;
  pixels.width = data[0] % kMaxSide;
  pixels.height = data[1] % kMaxSide;
  pixels.has_alpha = true;
  pixels.rgba.resize(std::size_t{4} * pixels.width * pixels.height);
  for (std::size_t at = 0; at < pixels.rgba.size(); ++at)
    pixels.rgba[at] = source[at % source.size()];

  const Color all = imgpeek::average(pixels, false);
  const Color seen = imgpeek::average(pixels, true);
  check(all.r == seen.r && all.g == seen.g && all.b == seen.b && all.a <= seen.a);
  check(imgpeek::has_transparency(pixels) || pixels.rgba.empty() || all.a == 255);
  check_palette(pixels, std::max<unsigned>(2, data[2] + 1U));
  check_dominant_colors(pixels);
  check_hashes(pixels, data[3] % 9 + 1U, data[4] % 9 + 1U);
  return 0;
}
