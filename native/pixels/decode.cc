#include "pixels/decode.h"

#include <vips/vips.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "image/inflate.h"
#include "pixels/develop.h"
#include "pixels/loaders.h"
#include "pixels/png_limits.h"
#include "pixels/svg_limits.h"
#include "pixels/undecodable.h"
#include "pixels/vips_pixels.h"

namespace imgpeek {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kGzipMagic = "\x1f\x8b";  // RFC 1952, 2.3.1
constexpr std::size_t kMaxUnpacked = std::size_t{32} << 20U;

extern "C" void on_progress(VipsImage* image, VipsProgress* /*progress*/, void* deadline) {
  if (Clock::now() > *static_cast<const Clock::time_point*>(deadline)) {
    vips_image_set_kill(image, TRUE);
  }
}

// Has the evaluation of `image` end at `deadline`, which must outlive the image.
void watch(const VipsPtr& image, const Clock::time_point& deadline) {
  vips_image_set_progress(image.get(), TRUE);
  // The callback only reads it; GLib has no pointers to what is const.
  g_signal_connect(image.get(), "eval", G_CALLBACK(on_progress),
                   const_cast<Clock::time_point*>(&deadline));  // NOLINT(*-const-cast)
}

VipsPtr to_memory(const VipsPtr& image, const Clock::time_point& deadline) {
  watch(image, deadline);
  VipsImage* copy = vips_image_copy_memory(image.get());
  if (copy == nullptr) fail("pixels");
  return VipsPtr(copy);
}

VipsPtr load(const Picture& picture, const Loader& loader, const Loading& loading) {
  const Reference<VipsSource> source(
      vips_source_new_from_memory(picture.file.data(), picture.file.size()));
  VipsImage* out = nullptr;
  if (!source || loader.load(source.get(), loading, &out) != 0) fail("decoder");
  return VipsPtr(out);
}

// The frames that count, and so may have to be decoded.
unsigned count_frames(const Picture& picture, const DecodeLimits& limits, const Loader& loader,
                      int pages) {
  if (!loader.animated) return 1;
  return std::min(static_cast<unsigned>(std::max(pages, 1)),
                  std::max(limits.max_frames, picture.page + 1));
}

void check_resolution(const VipsPtr& image, unsigned frames, const DecodeLimits& limits) {
  const auto of_frame = static_cast<std::uint64_t>(vips_image_get_width(image.get())) *
                        static_cast<std::uint64_t>(vips_image_get_page_height(image.get()));
  const bool one_by_one = frames > 1 && limits.max_frame_resolution > 0;
  check_pixels(one_by_one ? of_frame : of_frame * frames,
               one_by_one ? limits.max_frame_resolution : limits.max_resolution);
}

// How much smaller than it says a drawing is made, so that it is within the limits.
double scale_of_drawing(const VipsPtr& image, const DecodeLimits& limits) {
  const double width = vips_image_get_width(image.get());
  const double height = vips_image_get_height(image.get());
  const double scale = std::sqrt(static_cast<double>(limits.max_resolution) / (width * height));
  // libvips aborts where one leaves nothing of a side.
  if (scale < 1 && std::min(width, height) * scale < 1) throw Undecodable("a side of no pixel");
  return std::min(scale, 1.0);
}

// The file of a packed SVG unpacked, for librsvg never comes back from one that is cut; of others
// nothing.
std::vector<std::uint8_t> unpack(const Picture& picture) {
  if (picture.format != "svg" || !as_text(picture.file).starts_with(kGzipMagic)) return {};
  Inflated inflated = inflate_prefix(picture.file, DeflateWrapper::kGzip, kMaxUnpacked);
  if (!inflated.ended || inflated.data.empty()) {
    throw Undecodable("svg: its packing is broken, or nothing or too much is packed");
  }
  return std::move(inflated.data);
}

// A picture whose header was read and found within the limits.
struct Opened {
  Picture picture;                     // as the loader is to see it
  std::vector<std::uint8_t> unpacked;  // what its file is where it was packed
  const Loader& loader;
  Loading loading;
  VipsPtr header;
};

Opened open(Picture picture, const DecodeLimits& limits) {
  const Loader* loader = find_loader(picture.format);
  if (loader == nullptr) throw Undecodable("no decoder");
  const unsigned page = loader->paged ? picture.page : 0;
  if (page > kMaxPages) throw Undecodable("no such page");
  Loading loading{.page = static_cast<int>(page),
                  .png_unlimited = limits.png_unlimited,
                  .svg_unlimited = limits.svg_unlimited};
  std::vector<std::uint8_t> unpacked = unpack(picture);
  if (!unpacked.empty()) picture.file = unpacked;
  if (picture.format == "svg") check_svg_images(picture.file, limits.max_resolution);
  if (picture.format == "png" && !limits.png_unlimited) check_png_chunks(picture.file);
  VipsPtr header = load(picture, *loader, loading);
  if (loader->is_vector) {
    loading.scale = scale_of_drawing(header, limits);
    if (loading.scale < 1) header = load(picture, *loader, loading);
  } else {
    const int pages = vips_image_get_n_pages(header.get());
    check_resolution(header, count_frames(picture, limits, *loader, pages), limits);
  }
  return {picture, std::move(unpacked), *loader, loading, std::move(header)};
}

// A RAW is developed at once, as its header says little of what comes out.
constexpr Loader kDeveloped{};

Opened open_raw(const Picture& picture, const DecodeLimits& limits, unsigned side) {
  return {picture, {}, kDeveloped, {}, develop(picture.file, limits, side)};
}

// Has the loader shrink as far as it can; libvips aborts where one leaves nothing of a side.
Loading shrunk(const Opened& opened, const Scale& scale) {
  Loading loading = opened.loading;
  const int shortest = std::min(vips_image_get_width(opened.header.get()),
                                vips_image_get_height(opened.header.get()));
  const double both = std::max(scale.across, scale.down);
  if (opened.loader.shrinks) {
    constexpr int kMostShrunk = 8;
    while (loading.shrink < kMostShrunk && loading.shrink * 2 * both <= 1 &&
           shortest >= loading.shrink * 2) {
      loading.shrink *= 2;
    }
  }
  if (opened.loader.scales && shortest * both >= 1) loading.scale *= both;
  return loading;
}

// The pixels, of which the header may say less than is asked for.
VipsPtr pixels_of(Opened& opened, const Loading& loading) {
  const bool is_still = vips_image_get_n_pages(opened.header.get()) == 1;
  if (opened.loader.decode_frames != nullptr && !is_still) {
    return opened.loader.decode_frames(opened.picture.file, loading, opened.header);
  }
  if (loading == opened.loading) return std::move(opened.header);
  return load(opened.picture, opened.loader, loading);
}

}  // namespace

bool can_decode(std::string_view format) { return find_loader(format) != nullptr; }

Decoded decode(const Picture& picture, const DecodeLimits& limits, unsigned side) {
  const VipsScope scope;
  Opened opened = picture.raw ? open_raw(picture, limits, side) : open(picture, limits);
  const Scale scale = scale_to(opened.header, side);
  const Loading loading = shrunk(opened, scale);
  // Kept to the end: a loader may have let its metadata, which later images share, live no longer
  // than the image that it made (libvips 8.14's of HEIF does).
  const VipsPtr loaded = pixels_of(opened, loading);
  const Scale left = scale_to(loaded, side);
  VipsPtr image = left.is_none() ? to_memory(loaded, limits.deadline)
                                 : to_memory(scale_down(loaded, left), limits.deadline);
  if (!opened.loader.turns_itself) image = turn(std::move(image), picture.orientation);
  return {to_pixels(image),
          scale.is_none() && vips_image_get_format(image.get()) == VIPS_FORMAT_UCHAR};
}

bool find_transparency(const Picture& picture, const DecodeLimits& limits) {
  if (picture.raw) return false;
  const VipsScope scope;
  Opened opened = open(picture, limits);
  if (!has_alpha(opened.header)) return false;
  Loading loading = opened.loading;
  if (opened.loader.animated && limits.max_frames > 1) {
    const int left = vips_image_get_n_pages(opened.header.get()) - loading.page;
    loading.frames = std::min(left, static_cast<int>(std::min(limits.max_frames, kMaxPages)));
  }
  const VipsPtr image = pixels_of(opened, loading);
  const VipsPtr alpha =
      run("alpha", vips_extract_band, image, vips_image_get_bands(image.get()) - 1);
  watch(alpha, limits.deadline);
  double least = 0;
  if (vips_min(alpha.get(), &least, nullptr) != 0) fail("alpha");
  return least < full_alpha(image);
}

}  // namespace imgpeek
