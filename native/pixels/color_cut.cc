#include "pixels/color_cut.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace imgpeek {

namespace {

// androidx.palette, ColorCutQuantizer: the bits of a channel that count.
constexpr unsigned kBits = 5;
constexpr std::uint64_t kOpaque = 255;

// androidx.palette, Palette's default filter.
constexpr double kMaxBlackLightness = 0.05;
constexpr double kMinWhiteLightness = 0.95;
constexpr double kMinSkinHue = 10;
constexpr double kMaxSkinHue = 37;
constexpr double kMaxSkinSaturation = 0.82;

// Colours with the same upper bits, which are `levels`.
struct Bin {
  std::array<std::uint8_t, 3> levels{};
  std::array<std::uint64_t, 3> sums{};  // of the channels, weighted by alpha
  std::uint64_t population = 0;
};

Swatch to_swatch(std::span<const Bin> bins) {
  std::array<std::uint64_t, 3> sums{};
  Swatch out;
  for (const Bin& bin : bins) {
    for (std::size_t c = 0; c < 3; ++c) sums[c] += bin.sums[c];
    out.population += bin.population;
  }
  const auto mean = [&](std::size_t c) {
    return static_cast<double>(sums[c]) / static_cast<double>(out.population);
  };
  out.rgb = {.r = mean(0), .g = mean(1), .b = mean(2)};
  out.hsl = to_hsl(out.rgb);
  return out;
}

bool is_wanted(const Hsl& hsl) {
  if (hsl.lightness <= kMaxBlackLightness || hsl.lightness >= kMinWhiteLightness) return false;
  return hsl.hue < kMinSkinHue || hsl.hue > kMaxSkinHue || hsl.saturation > kMaxSkinSaturation;
}

std::vector<Bin> to_bins(const Pixels& pixels) {
  std::vector<Bin> all(std::size_t{1} << (3 * kBits));
  for (std::size_t at = 0; at < pixels.rgba.size(); at += 4) {
    const std::uint8_t* pixel = pixels.rgba.data() + at;
    std::size_t index = 0;
    for (std::size_t c = 0; c < 3; ++c) index = index << kBits | pixel[c] >> (8U - kBits);
    Bin& bin = all[index];
    const std::uint64_t alpha = pixel[3];
    for (std::size_t c = 0; c < 3; ++c) bin.sums[c] += alpha * pixel[c];
    bin.population += alpha;
  }
  std::vector<Bin> bins;
  for (std::size_t index = 0; index < all.size(); ++index) {
    Bin& bin = all[index];
    if (bin.population == 0 || !is_wanted(to_swatch({&bin, 1}).hsl)) continue;
    constexpr unsigned kMask = (1U << kBits) - 1;
    bin.levels = {static_cast<std::uint8_t>(index >> (2 * kBits)),
                  static_cast<std::uint8_t>(index >> kBits & kMask),
                  static_cast<std::uint8_t>(index & kMask)};
    bins.push_back(bin);
  }
  return bins;
}

// Bins that fit closely into a box; not empty.
struct Box {
  std::span<Bin> bins;
  std::size_t longest = 0;  // the channel
  unsigned volume = 1;
  std::uint64_t population = 0;
};

Box to_box(std::span<Bin> bins) {
  Box box{.bins = bins};
  std::array<std::uint8_t, 3> min = bins.front().levels;
  std::array<std::uint8_t, 3> max = min;
  for (const Bin& bin : bins) {
    box.population += bin.population;
    for (std::size_t c = 0; c < 3; ++c) {
      min[c] = std::min(min[c], bin.levels[c]);
      max[c] = std::max(max[c], bin.levels[c]);
    }
  }
  for (std::size_t c = 0; c < 3; ++c) {
    box.volume *= max[c] - min[c] + 1U;
    if (max[c] - min[c] > max[box.longest] - min[box.longest]) box.longest = c;
  }
  return box;
}

// How many bins of `box`, which has two or more, lie before the cut.
std::size_t place_cut(const Box& box) {
  // By the longest side; then green goes by red and blue, and blue by green and red.
  std::array<std::size_t, 3> order = {0, 1, 2};
  std::swap(order[0], order[box.longest]);
  std::sort(box.bins.begin(), box.bins.end(), [&](const Bin& a, const Bin& b) {
    return std::array{a.levels[order[0]], a.levels[order[1]], a.levels[order[2]]} <
           std::array{b.levels[order[0]], b.levels[order[1]], b.levels[order[2]]};
  });
  // In whole pixels, rounded down.
  const std::uint64_t half = box.population / (2 * kOpaque) * kOpaque;
  std::uint64_t before = 0;
  std::size_t count = 0;
  do {
    before += box.bins[count++].population;
  } while (before < half);
  return std::min(count, box.bins.size() - 1);
}

}  // namespace

std::vector<Swatch> cut_colors(const Pixels& pixels, unsigned count) {
  std::vector<Bin> bins = to_bins(pixels);
  std::vector<Swatch> swatches;
  if (bins.size() <= count) {
    for (const Bin& bin : bins) swatches.push_back(to_swatch({&bin, 1}));
    return swatches;
  }
  std::vector<Box> boxes = {to_box(bins)};
  while (boxes.size() < count) {
    // There are more bins than boxes: one has two of them at least, and so a volume above 1.
    Box& box = *std::max_element(boxes.begin(), boxes.end(),
                                 [](const Box& a, const Box& b) { return a.volume < b.volume; });
    const std::size_t cut = place_cut(box);
    const Box right = to_box(box.bins.subspan(cut));
    box = to_box(box.bins.first(cut));
    boxes.push_back(right);
  }
  for (const Box& box : boxes) {
    Swatch swatch = to_swatch(box.bins);
    if (is_wanted(swatch.hsl)) swatches.push_back(swatch);
  }
  return swatches;
}

}  // namespace imgpeek
