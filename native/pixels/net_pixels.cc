#include "pixels/net_pixels.h"

#include <vips/vips.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "pixels/over_white.h"
#include "pixels/vips_pixels.h"

namespace imgpeek {
namespace {

constexpr std::size_t kRgba = 4;
constexpr int kRgb = 3;

std::vector<std::uint8_t> flatten(const Pixels& pixels) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(pixels.rgba.size() / kRgba * kRgb);
  for (std::size_t at = 0; at < pixels.rgba.size(); at += kRgba) {
    for (std::size_t channel = 0; channel < kRgb; ++channel) {
      rgb.push_back(over_white(pixels.rgba[at + channel], pixels.rgba[at + kRgb]));
    }
  }
  return rgb;
}

unsigned scaled(unsigned length, double scale) {
  return static_cast<unsigned>(std::max(1L, std::lround(length * scale)));
}

}  // namespace

unsigned NetInput::copy_side() const {
  return keeps_shape ? side : std::min(2 * side, kMaxNetSide);
}

NetPixels scale_for_net(const Pixels& pixels, const NetInput& input) {
  const double scale = static_cast<double>(input.side) / std::max(pixels.width, pixels.height);
  NetPixels net{.width = input.keeps_shape ? scaled(pixels.width, scale) : input.side,
                .height = input.keeps_shape ? scaled(pixels.height, scale) : input.side,
                .rgb = nullptr};
  std::vector<std::uint8_t> rgb = flatten(pixels);
  if (net.width != pixels.width || net.height != pixels.height) {
    const VipsScope scope;
    VipsImage* image =
        vips_image_new_from_memory(rgb.data(), rgb.size(), static_cast<int>(pixels.width),
                                   static_cast<int>(pixels.height), kRgb, VIPS_FORMAT_UCHAR);
    if (image == nullptr) fail("pixels");
    const VipsPtr flat(image);
    rgb = bytes_of(run("resize", vips_resize, flat, static_cast<double>(net.width) / pixels.width,
                       "vscale", static_cast<double>(net.height) / pixels.height, "kernel",
                       VIPS_KERNEL_LINEAR));
    if (rgb.size() != std::size_t{net.width} * net.height * kRgb) fail("resize");
  }
  net.rgb = std::make_shared<std::vector<std::uint8_t>>(std::move(rgb));
  return net;
}

}  // namespace imgpeek
