#include "pixels/net_pixels.h"

#include <vips/vips.h>

#include <algorithm>
#include <array>
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

double ratio(unsigned to, int from) { return static_cast<double>(to) / from; }

VipsPtr shrink_sides(const VipsPtr& image, unsigned width, unsigned height) {
  const double across = ratio(width, vips_image_get_width(image.get()));
  const double down = ratio(height, vips_image_get_height(image.get()));
  return run("resize", vips_resize, image, std::min(across, 1.0), "vscale", std::min(down, 1.0),
             "kernel", VIPS_KERNEL_LINEAR);
}

// Where the middle of the first pixel of a row comes from, less than 0: vips_resize() of libvips
// 8.14 enlarges half a pixel to the right.
double displacement(double scale) { return (1 - 1 / scale) / 2; }

VipsPtr enlarge_sides(VipsPtr image, unsigned width, unsigned height) {
  const double across = ratio(width, vips_image_get_width(image.get()));
  const double down = ratio(height, vips_image_get_height(image.get()));
  if (across == 1 && down == 1) return image;
  const Reference<VipsInterpolate> bilinear(vips_interpolate_new("bilinear"));
  std::array<int, 4> area = {0, 0, static_cast<int>(width), static_cast<int>(height)};
  VipsArrayInt* whole = vips_array_int_new(area.data(), static_cast<int>(area.size()));
  VipsImage* out = nullptr;
  const int status = vips_affine(image.get(), &out, across, 0.0, 0.0, down, "interpolate",
                                 bilinear.get(), "oarea", whole, "idx", displacement(across), "idy",
                                 displacement(down), "extend", VIPS_EXTEND_COPY, nullptr);
  vips_area_unref(VIPS_AREA(whole));
  if (status != 0) fail("enlarging");
  return VipsPtr(out);
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
    VipsPtr shrunk = shrink_sides(VipsPtr(image), net.width, net.height);
    rgb = bytes_of(enlarge_sides(std::move(shrunk), net.width, net.height));
    if (rgb.size() != std::size_t{net.width} * net.height * kRgb) fail("resize");
  }
  net.rgb = std::make_shared<std::vector<std::uint8_t>>(std::move(rgb));
  return net;
}

}  // namespace imgpeek
