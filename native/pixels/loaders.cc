#include "pixels/loaders.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "pixels/jxl_animation.h"
#include "pixels/undecodable.h"

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

// libvips 8.14 knows no frames of it: they are counted here.
int load_jxl(VipsSource* source, const Loading& loading, VipsImage** out) {
  static std::once_flag quietened;
  std::call_once(quietened, quieten_jxl);
  if (vips_jxlload_source(source, out, "access", kAccess, nullptr) != 0) return -1;
  std::size_t length = 0;
  const auto* file = static_cast<const std::uint8_t*>(vips_source_map(source, &length));
  const int frames = file == nullptr ? 1 : count_jxl_frames({file, length});
  if (loading.page >= frames) throw Undecodable("jxl: no such frame");
  if (frames > 1) vips_image_set_int(*out, VIPS_META_N_PAGES, frames);
  return 0;
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
    Loader{.format = "jxl",
           .load = load_jxl,
           .paged = true,
           .animated = true,
           .turns_itself = true,
           .decode_frames = decode_jxl_frames},
    Loader{.format = "svg", .load = load_svg, .scales = true, .is_vector = true},
};

}  // namespace

const Loader* find_loader(std::string_view format) {
  const auto* found = std::ranges::find(kLoaders, format, &Loader::format);
  return found == kLoaders.end() ? nullptr : found;
}

}  // namespace imgpeek
