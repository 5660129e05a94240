#include "pixels/palette.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "pixels/color_groups.h"

namespace imgpeek {

namespace {

// A colour and how many pixels have it.
struct Counted {
  std::uint32_t rgba = 0;
  std::uint64_t count = 0;
};

// The sums of some pixels; R, G and B are weighted by alpha.
struct Sums {
  std::uint64_t r = 0;
  std::uint64_t g = 0;
  std::uint64_t b = 0;
  std::uint64_t a = 0;
  std::uint64_t count = 0;

  Sums& operator+=(const Sums& other) {
    r += other.r;
    g += other.g;
    b += other.b;
    a += other.a;
    count += other.count;
    return *this;
  }
};

// Colours are taken together where these bits are the same.
constexpr unsigned kColorBits = 5;
constexpr unsigned kAlphaBits = 2;
constexpr std::size_t kBins = std::size_t{1} << (3 * kColorBits + kAlphaBits);

// One number for a pixel; 0 for what cannot be seen.
std::uint32_t pack(const std::uint8_t* pixel) {
  if (pixel[3] == 0) return 0;
  return std::uint32_t{pixel[0]} << 24U | std::uint32_t{pixel[1]} << 16U |
         std::uint32_t{pixel[2]} << 8U | pixel[3];
}

Color unpack(std::uint32_t rgba) {
  return {static_cast<std::uint8_t>(rgba >> 24U), static_cast<std::uint8_t>(rgba >> 16U & 255U),
          static_cast<std::uint8_t>(rgba >> 8U & 255U), static_cast<std::uint8_t>(rgba & 255U)};
}

std::size_t bin_of(std::uint32_t rgba) {
  const Color color = unpack(rgba);
  std::size_t bin = color.a >> (8U - kAlphaBits);
  for (const unsigned channel : {color.r, color.g, color.b}) {
    bin = bin << kColorBits | channel >> (8U - kColorBits);
  }
  return bin;
}

// The colours of a picture, or nothing where there are more than `most`, which is 256 or less.
std::optional<std::vector<Counted>> distinct(const Pixels& pixels, unsigned most) {
  constexpr std::uint32_t kSlots = 1024;             // open addressing; a quarter full at the most
  constexpr std::uint32_t kMultiplier = 2654435769;  // 2^32 by the golden ratio
  std::array<std::uint16_t, kSlots> slots{};         // 1 + where it stands in `found`, 0 is free
  std::vector<Counted> found;
  std::size_t last = 0;
  for (std::size_t at = 0; at < pixels.rgba.size(); at += 4) {
    const std::uint32_t rgba = pack(pixels.rgba.data() + at);
    if (found.empty() || found[last].rgba != rgba) {
      std::uint32_t slot = rgba * kMultiplier >> 22U;
      while (slots[slot] != 0 && found[slots[slot] - 1U].rgba != rgba) slot = (slot + 1) % kSlots;
      if (slots[slot] == 0) {
        if (found.size() == most) return std::nullopt;
        found.push_back({.rgba = rgba});
        slots[slot] = static_cast<std::uint16_t>(found.size());
      }
      last = slots[slot] - 1U;
    }
    ++found[last].count;
  }
  return found;
}

// The bins that a pixel lies in, in the order in which the picture has them.
std::vector<Sums> to_bins(const Pixels& pixels) {
  std::vector<std::uint32_t> index(kBins);  // 1 + where a bin stands in `bins`, 0 is none
  std::vector<Sums> bins;
  for (std::size_t at = 0; at < pixels.rgba.size(); at += 4) {
    const std::uint32_t rgba = pack(pixels.rgba.data() + at);
    std::uint32_t& place = index[bin_of(rgba)];
    if (place == 0) {
      bins.emplace_back();
      place = static_cast<std::uint32_t>(bins.size());
    }
    const Color color = unpack(rgba);
    const std::uint64_t alpha = color.a;
    bins[place - 1] +=
        {.r = alpha * color.r, .g = alpha * color.g, .b = alpha * color.b, .a = alpha, .count = 1};
  }
  return bins;
}

ColorPoint to_point(const Sums& sums) {
  const auto count = static_cast<double>(sums.count);
  const auto premultiplied = [count](std::uint64_t sum) {
    return static_cast<float>(static_cast<double>(sum) / 255 / count);
  };
  return {.place = {premultiplied(sums.r), premultiplied(sums.g), premultiplied(sums.b),
                    static_cast<float>(static_cast<double>(sums.a) / count)},
          .weight = count};
}

// The mean colour, as pack() has it.
std::uint32_t to_mean(const Sums& sums) {
  const auto mean = [](std::uint64_t sum, std::uint64_t weight) {
    return static_cast<std::uint8_t>((sum + weight / 2) / weight);
  };
  const std::uint8_t alpha = mean(sums.a, sums.count);
  if (alpha == 0) return 0;
  const std::array<std::uint8_t, 4> pixel = {mean(sums.r, sums.a), mean(sums.g, sums.a),
                                             mean(sums.b, sums.a), alpha};
  return pack(pixel.data());
}

std::vector<Counted> group(const Pixels& pixels, unsigned colors) {
  const std::vector<Sums> bins = to_bins(pixels);
  std::vector<ColorPoint> points;
  points.reserve(bins.size());
  for (const Sums& bin : bins) points.push_back(to_point(bin));
  const std::vector<std::uint8_t> groups = group_colors(points, colors);
  std::vector<Sums> sums(colors);
  for (std::size_t i = 0; i < bins.size(); ++i) sums[groups[i]] += bins[i];
  std::vector<Counted> out;
  for (const Sums& sum : sums) {
    if (sum.count == 0) continue;
    // Two groups may have the same mean.
    const std::uint32_t mean = to_mean(sum);
    const auto same = std::find_if(out.begin(), out.end(),
                                   [mean](const Counted& one) { return one.rgba == mean; });
    if (same == out.end()) {
      out.push_back({.rgba = mean, .count = sum.count});
    } else {
      same->count += sum.count;
    }
  }
  return out;
}

}  // namespace

std::vector<Color> palette(const Pixels& pixels, unsigned colors) {
  std::optional<std::vector<Counted>> exact = distinct(pixels, colors);
  std::vector<Counted> found = exact ? std::move(*exact) : group(pixels, colors);
  std::sort(found.begin(), found.end(), [](const Counted& a, const Counted& b) {
    return a.count != b.count ? a.count > b.count : a.rgba < b.rgba;
  });
  std::vector<Color> out;
  out.reserve(found.size());
  for (const Counted& one : found) out.push_back(unpack(one.rgba));
  return out;
}

}  // namespace imgpeek
