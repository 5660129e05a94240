#include "pixels/loaders.h"

#include <algorithm>
#include <array>

namespace imgpeek {
namespace {

// libvips' default of failing on nothing holds for each: of a damaged file, what can be decoded is.
constexpr VipsAccess kAccess = VIPS_ACCESS_SEQUENTIAL;

int load_jpeg(VipsSource* source, const Loading& loading, VipsImage** out) {
  return vips_jpegload_source(source, out, "access", kAccess, "shrink", loading.shrink, nullptr);
}

int load_png(VipsSource* source, const Loading& loading, VipsImage** out) {
  const gboolean unlimited = loading.png_unlimited ? TRUE : FALSE;
  return vips_pngload_source(source, out, "access", kAccess, "unlimited", unlimited, nullptr);
}

int load_gif(VipsSource* source, const Loading& loading, VipsImage** out) {
  return vips_gifload_source(source, out, "access", kAccess, "page", loading.page, "n",
                             loading.frames, nullptr);
}

int load_webp(VipsSource* source, const Loading& loading, VipsImage** out) {
  return vips_webpload_source(source, out, "access", kAccess, "page", loading.page, "n",
                              loading.frames, "scale", loading.scale, nullptr);
}

int load_tiff(VipsSource* source, const Loading& loading, VipsImage** out) {
  return vips_tiffload_source(source, out, "access", kAccess, "page", loading.page, nullptr);
}

// Where no page is named libvips takes the primary image, which need not be the first.
int load_heif(VipsSource* source, const Loading& loading, VipsImage** out) {
  if (loading.page == 0) return vips_heifload_source(source, out, "access", kAccess, nullptr);
  return vips_heifload_source(source, out, "access", kAccess, "page", loading.page, nullptr);
}

int load_jxl(VipsSource* source, const Loading& /*loading*/, VipsImage** out) {
  return vips_jxlload_source(source, out, "access", kAccess, nullptr);
}

// From memory and with no name, so that librsvg has no base to resolve a reference against.
int load_svg(VipsSource* source, const Loading& loading, VipsImage** out) {
  const gboolean unlimited = loading.svg_unlimited ? TRUE : FALSE;
  return vips_svgload_source(source, out, "access", kAccess, "scale", loading.scale, "unlimited",
                             unlimited, nullptr);
}

constexpr std::array kLoaders = {
    Loader{.format = "jpeg", .load = load_jpeg, .shrinks = true},
    Loader{.format = "png", .load = load_png},
    Loader{.format = "gif", .load = load_gif, .paged = true, .animated = true},
    Loader{.format = "webp", .load = load_webp, .paged = true, .animated = true, .scales = true},
    Loader{.format = "tiff", .load = load_tiff, .paged = true},
    Loader{.format = "heic", .load = load_heif, .paged = true, .turns_itself = true},
    Loader{.format = "heif", .load = load_heif, .paged = true, .turns_itself = true},
    Loader{.format = "avif", .load = load_heif, .paged = true, .turns_itself = true},
    Loader{.format = "jxl", .load = load_jxl, .turns_itself = true},
    Loader{.format = "svg", .load = load_svg, .scales = true, .is_vector = true},
};

}  // namespace

const Loader* find_loader(std::string_view format) {
  const auto* found = std::ranges::find(kLoaders, format, &Loader::format);
  return found == kLoaders.end() ? nullptr : found;
}

}  // namespace imgpeek
