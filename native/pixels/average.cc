#include "pixels/average.h"

#include <cstddef>
#include <cstdint>

namespace imgpeek {

namespace {

std::uint8_t rounded_mean(std::uint64_t sum, std::uint64_t weight) {
  return static_cast<std::uint8_t>((sum + weight / 2) / weight);
}

}  // namespace

Color average(const Pixels& pixels, bool ignore_transparent) {
  std::uint64_t r = 0;
  std::uint64_t g = 0;
  std::uint64_t b = 0;
  std::uint64_t alpha = 0;
  std::uint64_t seen = 0;
  for (std::size_t at = 0; at < pixels.rgba.size(); at += 4) {
    const std::uint64_t a = pixels.rgba[at + 3];
    r += a * pixels.rgba[at];
    g += a * pixels.rgba[at + 1];
    b += a * pixels.rgba[at + 2];
    alpha += a;
    seen += a != 0 ? 1 : 0;
  }
  if (seen == 0) return {};
  const std::uint64_t counted = ignore_transparent ? seen : pixels.rgba.size() / 4;
  return {rounded_mean(r, alpha), rounded_mean(g, alpha), rounded_mean(b, alpha),
          rounded_mean(alpha, counted)};
}

}  // namespace imgpeek
