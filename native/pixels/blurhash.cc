#include "pixels/blurhash.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pixels/cosine_sums.h"
#include "pixels/over_white.h"

namespace imgpeek {

namespace {

// "Base 83".
constexpr unsigned kBase = 83;
constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

// "Structure": the largest component is a digit, of steps of 1/166.
constexpr double kScaleSteps = 166;
constexpr double kMaxScale = 82;
// A component has 19 levels, nine on either side of none.
constexpr double kLevels = 9;
constexpr unsigned kLevelCount = 19;

constexpr unsigned kChannels = 3;

void append_digits(std::string& out, unsigned value, unsigned count) {
  std::size_t end = out.size() + count;
  out.resize(end);
  for (; count > 0; --count, value /= kBase) out[--end] = kDigits[value % kBase];
}

// IEC 61966-2-1.
double to_linear(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

unsigned to_srgb_byte(double linear) {
  const double value = std::clamp(linear, 0.0, 1.0);
  const double srgb = value <= 0.0031308 ? value * 12.92 : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
  return static_cast<unsigned>(std::lround(srgb * 255));
}

std::array<double, 256> linear_table() {
  std::array<double, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = to_linear(static_cast<double>(i) / 255);
  return table;
}

unsigned to_level(double component, double scale) {
  const double share = component / scale;
  const double root = std::copysign(std::sqrt(std::abs(share)), share);
  return static_cast<unsigned>(std::clamp(std::floor(root * kLevels + kLevels + 0.5), 0.0,
                                          static_cast<double>(kLevelCount - 1)));
}

// The components of each channel, the constant one first.
std::array<std::vector<double>, kChannels> components(const Pixels& pixels, unsigned x,
                                                      unsigned y) {
  static const std::array<double, 256> kLinear = linear_table();
  CosineSums sums(pixels.width, pixels.height, kChannels, {.columns = x, .rows = y, .phase = 0});
  std::vector<double> row(std::size_t{pixels.width} * kChannels);
  const std::uint8_t* pixel = pixels.rgba.data();
  for (unsigned at = 0; at < pixels.height; ++at) {
    for (std::size_t i = 0; i < row.size(); i += kChannels, pixel += 4) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        row[i + c] = kLinear[over_white(pixel[c], pixel[3])];
      }
    }
    sums.add_row(at, row);
  }
  const double area = static_cast<double>(pixels.width) * pixels.height;
  std::array<std::vector<double>, kChannels> out;
  for (unsigned c = 0; c < kChannels; ++c) {
    out[c] = sums.of_channel(c);
    for (std::size_t i = 0; i < out[c].size(); ++i) out[c][i] *= (i == 0 ? 1 : 2) / area;
  }
  return out;
}

}  // namespace

std::string blurhash(const Pixels& pixels, unsigned x, unsigned y) {
  if (pixels.rgba.empty()) return {};
  const auto [r, g, b] = components(pixels, x, y);
  double largest = 0;
  for (std::size_t i = 1; i < r.size(); ++i) {
    largest = std::max({largest, std::abs(r[i]), std::abs(g[i]), std::abs(b[i])});
  }
  const double quantized = std::clamp(std::floor(largest * kScaleSteps - 0.5), 0.0, kMaxScale);
  const double scale = (quantized + 1) / kScaleSteps;

  std::string out;
  append_digits(out, x - 1 + (y - 1) * 9, 1);
  append_digits(out, static_cast<unsigned>(quantized), 1);
  append_digits(out, to_srgb_byte(r[0]) << 16U | to_srgb_byte(g[0]) << 8U | to_srgb_byte(b[0]), 4);
  for (std::size_t i = 1; i < r.size(); ++i) {
    const unsigned levels =
        (to_level(r[i], scale) * kLevelCount + to_level(g[i], scale)) * kLevelCount +
        to_level(b[i], scale);
    append_digits(out, levels, 2);
  }
  return out;
}

}  // namespace imgpeek
