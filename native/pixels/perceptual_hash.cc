#include "pixels/perceptual_hash.h"

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

constexpr std::uint64_t kSide = 32;
constexpr unsigned kFrequencies = 8;

// Rec. 601, in thousandths.
constexpr std::uint32_t kRed = 299;
constexpr std::uint32_t kGreen = 587;
constexpr std::uint32_t kBlue = 114;

// Frequencies are compared in steps of 1 / kPrecision, so that the noise of the arithmetic is no
// bit.
constexpr double kPrecision = 1024;

// Calls take(at, share) for the pixels of `length` that cell `cell` of kSide lies over; `share` is
// how much of the pixel that is, in 1 / kSide. A cell's shares add up to `length`.
template <typename Take>
void for_overlaps(std::uint64_t cell, std::uint64_t length, const Take& take) {
  const std::uint64_t begin = cell * length;
  const std::uint64_t end = begin + length;
  for (std::uint64_t at = begin / kSide; at * kSide < end; ++at) {
    take(at, std::min(end, (at + 1) * kSide) - std::max(begin, at * kSide));
  }
}

std::uint64_t grey(const std::uint8_t* pixel) {
  return kRed * over_white(pixel[0], pixel[3]) + kGreen * over_white(pixel[1], pixel[3]) +
         kBlue * over_white(pixel[2], pixel[3]);
}

// The means of kSide by kSide areas, 0 to 255.
std::array<std::array<double, kSide>, kSide> shrink(const Pixels& pixels) {
  std::array<std::array<std::uint64_t, kSide>, kSide> sums{};
  std::vector<std::uint64_t> greys(pixels.width);
  std::uint64_t begun = 0;  // the first cell that rows to come may add to
  for (std::uint64_t y = 0; y < pixels.height; ++y) {
    const std::uint8_t* row = pixels.rgba.data() + y * pixels.width * 4;
    for (std::size_t x = 0; x < greys.size(); ++x) greys[x] = grey(row + 4 * x);
    std::array<std::uint64_t, kSide> cells{};
    for (std::uint64_t cell = 0; cell < kSide; ++cell) {
      for_overlaps(cell, pixels.width,
                   [&](std::uint64_t x, std::uint64_t share) { cells[cell] += share * greys[x]; });
    }
    const std::uint64_t top = y * kSide;
    const std::uint64_t bottom = top + kSide;
    for (std::uint64_t cell = begun; cell < kSide && cell * pixels.height < bottom; ++cell) {
      const std::uint64_t end = (cell + 1) * pixels.height;
      const std::uint64_t share = std::min(end, bottom) - std::max(cell * pixels.height, top);
      for (std::size_t x = 0; x < kSide; ++x) sums[cell][x] += share * cells[x];
      if (end <= bottom) begun = cell + 1;
    }
  }
  const double weight = 1000.0 * pixels.width * pixels.height;
  std::array<std::array<double, kSide>, kSide> means{};
  for (std::size_t y = 0; y < kSide; ++y) {
    for (std::size_t x = 0; x < kSide; ++x) means[y][x] = static_cast<double>(sums[y][x]) / weight;
  }
  return means;
}

}  // namespace

std::string perceptual_hash(const Pixels& pixels) {
  if (pixels.rgba.empty()) return {};
  CosineSums sums(kSide, kSide, 1, {.columns = kFrequencies, .rows = kFrequencies, .phase = 0.5});
  const auto means = shrink(pixels);
  for (unsigned y = 0; y < kSide; ++y) sums.add_row(y, means[y]);

  std::vector<double> values = sums.of_channel(0);
  for (double& value : values) value = std::round(value * kPrecision);
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const double median = (sorted[sorted.size() / 2 - 1] + sorted[sorted.size() / 2]) / 2;

  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < values.size(); at += 4) {
    unsigned digit = 0;
    for (std::size_t i = 0; i < 4; ++i) digit = digit << 1U | (values[at + i] > median ? 1U : 0U);
    out += kHex[digit];
  }
  return out;
}

}  // namespace imgpeek
