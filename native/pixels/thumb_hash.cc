#include "pixels/thumb_hash.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pixels/cosine_sums.h"

namespace imgpeek {

namespace {

// Cosines along the longer side for lightness, without alpha and with it; for the colours; for
// alpha.
constexpr unsigned kLightness = 7;
constexpr unsigned kLightnessBesideAlpha = 5;
constexpr unsigned kColor = 3;
constexpr unsigned kAlpha = 5;

// What the arithmetic may be wrong by: a frequency below is 0, and what is nearer to the middle of
// two steps is rounded up, as what is at the middle.
constexpr double kNoise = 1e-9;

// Lightness, yellow to blue, red to green, alpha.
constexpr unsigned kChannels = 4;

struct Channel {
  double constant = 0;
  double scale = 0;             // the largest magnitude of a varying part
  std::vector<double> varying;  // 0 to 1, 0.5 is none; all 0 where there are none
};

// `value` in steps of 1 / `max`.
unsigned steps(double value, unsigned max) {
  return static_cast<unsigned>(
      std::clamp(std::floor(value * max + 0.5 + kNoise), 0.0, double(max)));
}

struct Mean {
  double r = 0;
  double g = 0;
  double b = 0;
  bool opaque = true;
};

// The mean colour, weighted by alpha, 0 to 1.
Mean mean_of(const Pixels& pixels) {
  std::array<std::uint64_t, 4> sums{};
  for (std::size_t at = 0; at < pixels.rgba.size(); at += 4) {
    const std::uint64_t alpha = pixels.rgba[at + 3];
    for (std::size_t c = 0; c < 3; ++c) sums[c] += alpha * pixels.rgba[at + c];
    sums[3] += alpha;
  }
  if (sums[3] == 0) return {.opaque = false};
  const double weight = 255.0 * static_cast<double>(sums[3]);
  return {.r = static_cast<double>(sums[0]) / weight,
          .g = static_cast<double>(sums[1]) / weight,
          .b = static_cast<double>(sums[2]) / weight,
          .opaque = sums[3] == 255 * (pixels.rgba.size() / 4)};
}

CosineSums sums_of(const Pixels& pixels, const Mean& mean) {
  CosineSums sums(pixels.width, pixels.height, kChannels,
                  {.columns = kLightness, .rows = kLightness, .phase = 0.5});
  std::vector<double> row(std::size_t{pixels.width} * kChannels);
  const std::uint8_t* pixel = pixels.rgba.data();
  for (unsigned y = 0; y < pixels.height; ++y) {
    for (std::size_t i = 0; i < row.size(); i += kChannels, pixel += 4) {
      const double alpha = pixel[3] / 255.0;
      // What is transparent lies over the mean.
      const double r = mean.r * (1 - alpha) + alpha / 255 * pixel[0];
      const double g = mean.g * (1 - alpha) + alpha / 255 * pixel[1];
      const double b = mean.b * (1 - alpha) + alpha / 255 * pixel[2];
      row[i] = (r + g + b) / 3;
      row[i + 1] = (r + g) / 2 - b;
      row[i + 2] = r - g;
      row[i + 3] = alpha;
    }
    sums.add_row(y, row);
  }
  return sums;
}

// The lower triangle of `nx` times `ny` frequencies, scaled to the largest.
Channel channel_of(const std::vector<double>& sums, double area, unsigned nx, unsigned ny) {
  Channel out;
  out.constant = sums[0] / area;
  for (unsigned j = 0; j < ny; ++j) {
    for (unsigned i = j == 0 ? 1 : 0; i * ny < nx * (ny - j); ++i) {
      out.varying.push_back(sums[j * kLightness + i] / area);
      out.scale = std::max(out.scale, std::abs(out.varying.back()));
    }
  }
  if (out.scale < kNoise) out.scale = 0;
  for (double& value : out.varying) value = out.scale == 0 ? 0 : 0.5 + 0.5 / out.scale * value;
  return out;
}

// How many cosines a side has where the longer one has `limit`.
unsigned cosines_along(unsigned side, unsigned longer, unsigned limit) {
  const std::uint64_t doubled = 2 * std::uint64_t{limit} * side + longer;
  return static_cast<unsigned>(std::max<std::uint64_t>(1, doubled / (2 * std::uint64_t{longer})));
}

std::string to_hex(const std::vector<unsigned>& bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const unsigned byte : bytes) {
    out += kHex[byte >> 4U & 15U];
    out += kHex[byte & 15U];
  }
  return out;
}

}  // namespace

std::string thumb_hash(const Pixels& pixels) {
  if (pixels.rgba.empty()) return {};
  const Mean mean = mean_of(pixels);
  const unsigned limit = mean.opaque ? kLightness : kLightnessBesideAlpha;
  const unsigned longer = std::max(pixels.width, pixels.height);
  const unsigned lx = cosines_along(pixels.width, longer, limit);
  const unsigned ly = cosines_along(pixels.height, longer, limit);

  const CosineSums sums = sums_of(pixels, mean);
  const double area = static_cast<double>(pixels.width) * pixels.height;
  std::vector<Channel> channels = {
      channel_of(sums.of_channel(0), area, std::max(kColor, lx), std::max(kColor, ly)),
      channel_of(sums.of_channel(1), area, kColor, kColor),
      channel_of(sums.of_channel(2), area, kColor, kColor)};
  if (!mean.opaque) channels.push_back(channel_of(sums.of_channel(3), area, kAlpha, kAlpha));

  const bool landscape = pixels.width > pixels.height;
  const unsigned header24 = steps(channels[0].constant, 63) |
                            steps(0.5 + 0.5 * channels[1].constant, 63) << 6U |
                            steps(0.5 + 0.5 * channels[2].constant, 63) << 12U |
                            steps(channels[0].scale, 31) << 18U | (mean.opaque ? 0U : 1U) << 23U;
  const unsigned header16 = (landscape ? ly : lx) | steps(channels[1].scale, 63) << 3U |
                            steps(channels[2].scale, 63) << 9U | (landscape ? 1U : 0U) << 15U;
  std::vector<unsigned> hash = {header24 & 255U, header24 >> 8U & 255U, header24 >> 16U,
                                header16 & 255U, header16 >> 8U};
  if (!mean.opaque) {
    hash.push_back(steps(channels[3].constant, 15) | steps(channels[3].scale, 15) << 4U);
  }
  // Two varying parts a byte, the first in its lower half.
  unsigned nibbles = 0;
  for (const Channel& channel : channels) {
    for (const double value : channel.varying) {
      if (nibbles % 2 == 0) hash.push_back(0);
      hash.back() |= steps(value, 15) << (nibbles++ % 2 * 4);
    }
  }
  return to_hex(hash);
}

}  // namespace imgpeek
