#include "pixels/vips_pixels.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bytes.h"
#include "pixels/icc_intent.h"
#include "pixels/undecodable.h"

namespace imgpeek {
namespace {

constexpr int kColorBands = 3;
constexpr int kFullAlpha = 255;

// Colours of 0 to 1 as 16 bits: profiles are applied to whole numbers, to which libvips would cut
// them.
VipsPtr without_fractions(const VipsPtr& image) {
  constexpr double kMost = 65535;
  if (vips_band_format_isfloat(vips_image_get_format(image.get())) == 0) {
    return run("copy", vips_copy, image);
  }
  const VipsPtr scaled = run("scale", vips_linear1, image, kMost, 0.5);
  const VipsPtr cut = run("cast", vips_cast, scaled, VIPS_FORMAT_USHORT);
  const bool grey = vips_image_get_bands(image.get()) < kColorBands;
  return run("copy", vips_copy, cut, "interpretation",
             grey ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16);
}

VipsIntent intent_of(const VipsPtr& image) {
  const void* profile = nullptr;
  std::size_t length = 0;
  if (vips_image_get_blob(image.get(), VIPS_META_ICC_NAME, &profile, &length) != 0) {
    return VIPS_INTENT_RELATIVE;
  }
  const ByteSpan bytes(static_cast<const std::uint8_t*>(profile), length);
  return is_perceptual_only(bytes) ? VIPS_INTENT_PERCEPTUAL : VIPS_INTENT_RELATIVE;
}

// Colours alone, of any kind, to 8 bits of sRGB.
VipsPtr to_srgb(const VipsPtr& image) {
  VipsImage* out = nullptr;
  if (vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0 &&
      vips_icc_transform(without_fractions(image).get(), &out, "srgb", "embedded", TRUE, "intent",
                         intent_of(image), "black_point_compensation", TRUE, nullptr) == 0) {
    return VipsPtr(out);
  }
  // A profile that is broken or of another space counts for nothing.
  if (vips_colourspace_issupported(image.get()) != 0 &&
      vips_colourspace(image.get(), &out, VIPS_INTERPRETATION_sRGB, nullptr) == 0) {
    return run("cast", vips_cast, VipsPtr(out), VIPS_FORMAT_UCHAR);
  }
  const int bands = vips_image_get_bands(image.get()) >= kColorBands ? kColorBands : 1;
  const VipsPtr first = run("bands", vips_extract_band, image, 0, "n", bands);
  return run("cast", vips_cast, first, VIPS_FORMAT_UCHAR);
}

VipsPtr to_uchar_alpha(const VipsPtr& image) {
  const int last = vips_image_get_bands(image.get()) - 1;
  const VipsPtr alpha = run("alpha", vips_extract_band, image, last);
  const double full = full_alpha(image);
  if (full == kFullAlpha) return run("cast", vips_cast, alpha, VIPS_FORMAT_UCHAR);
  const VipsPtr scaled = run("alpha", vips_linear1, alpha, kFullAlpha / full, 0.5);
  return run("cast", vips_cast, scaled, VIPS_FORMAT_UCHAR);
}

}  // namespace

void fail(const char* what) {
  const std::string_view all(vips_error_buffer());
  const std::string_view first = all.substr(0, all.find('\n'));
  throw Undecodable(std::string(what) + ": " + std::string(first.empty() ? "broken" : first));
}

bool has_alpha(const VipsPtr& image) { return vips_image_hasalpha(image.get()) != 0; }

double full_alpha(const VipsPtr& image) {
  switch (vips_image_get_format(image.get())) {
    case VIPS_FORMAT_USHORT:
      return 65535;
    case VIPS_FORMAT_FLOAT:
    case VIPS_FORMAT_DOUBLE:
      return 1;
    default:
      return kFullAlpha;
  }
}

Scale scale_to(const VipsPtr& image, unsigned side) {
  const int width = vips_image_get_width(image.get());
  const int height = vips_image_get_height(image.get());
  const double scale = std::min(1.0, static_cast<double>(side) / std::max(width, height));
  return {std::max(scale, 1.0 / width), std::max(scale, 1.0 / height)};
}

VipsPtr scale_down(const VipsPtr& image, const Scale& scale) {
  const auto resize = [&scale](const VipsPtr& in) {
    return run("resize", vips_resize, in, scale.across, "vscale", scale.down, "kernel",
               VIPS_KERNEL_LINEAR);
  };
  if (!has_alpha(image)) return resize(image);
  // What is not seen must not colour what is.
  const double full = full_alpha(image);
  const VipsPtr seen = run("premultiply", vips_premultiply, image, "max_alpha", full);
  const VipsPtr small = resize(seen);
  const VipsPtr back = run("unpremultiply", vips_unpremultiply, small, "max_alpha", full);
  return run("cast", vips_cast, back, vips_image_get_format(image.get()));
}

VipsPtr turn(VipsPtr image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  vips_image_set_int(image.get(), VIPS_META_ORIENTATION, orientation);
  return run("autorot", vips_autorot, image);
}

VipsPtr over(const Pixels& pixels) {
  VipsImage* image = vips_image_new_from_memory(
      pixels.rgba.data(), pixels.rgba.size(), static_cast<int>(pixels.width),
      static_cast<int>(pixels.height), 4, VIPS_FORMAT_UCHAR);
  if (image == nullptr) fail("pixels");
  image->Type = VIPS_INTERPRETATION_sRGB;
  return VipsPtr(image);
}

std::vector<std::uint8_t> bytes_of(const VipsPtr& image) {
  std::size_t size = 0;
  const std::unique_ptr<void, decltype(&g_free)> memory(
      vips_image_write_to_memory(image.get(), &size), g_free);
  if (!memory) fail("pixels");
  const auto* first = static_cast<const std::uint8_t*>(memory.get());
  return {first, first + size};
}

Pixels to_pixels(const VipsPtr& image) {
  Pixels pixels;
  pixels.width = static_cast<unsigned>(vips_image_get_width(image.get()));
  pixels.height = static_cast<unsigned>(vips_image_get_height(image.get()));
  pixels.has_alpha = has_alpha(image);
  const int color_bands = vips_image_get_bands(image.get()) - (pixels.has_alpha ? 1 : 0);
  const VipsPtr colors =
      to_srgb(pixels.has_alpha ? run("bands", vips_extract_band, image, 0, "n", color_bands)
                               : VipsPtr(vips_image_copy_memory(image.get())));
  const std::vector<std::uint8_t> color = bytes_of(colors);
  const std::vector<std::uint8_t> alpha =
      pixels.has_alpha ? bytes_of(to_uchar_alpha(image)) : std::vector<std::uint8_t>();
  const std::size_t count = std::size_t{pixels.width} * pixels.height;
  const std::size_t bands = color.size() / std::max<std::size_t>(count, 1);
  pixels.rgba.reserve(count * 4);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t band = 0; band < 3; ++band) {
      pixels.rgba.push_back(color[i * bands + std::min(band, bands - 1)]);
    }
    pixels.rgba.push_back(pixels.has_alpha ? alpha[i] : std::uint8_t{kFullAlpha});
  }
  return pixels;
}

}  // namespace imgpeek
