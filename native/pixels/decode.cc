#include "pixels/decode.h"

#include <vips/vips.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "image/inflate.h"
#include "pixels/loaders.h"
#include "pixels/png_limits.h"
#include "pixels/svg_limits.h"
#include "vips_scopes.h"

namespace imgpeek {
namespace {

using Image = Reference<VipsImage>;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kGzipMagic = "\x1f\x8b";  // RFC 1952, 2.3.1
constexpr std::size_t kMaxUnpacked = std::size_t{32} << 20U;
constexpr int kColorBands = 3;
constexpr int kFullAlpha = 255;

[[noreturn]] void fail(const char* what) {
  const std::string_view all(vips_error_buffer());
  const std::string_view first = all.substr(0, all.find('\n'));
  throw Undecodable(std::string(what) + ": " + std::string(first.empty() ? "broken" : first));
}

// What an operation of libvips makes of an image.
template <typename Operation, typename... Arguments>
Image run(const char* what, Operation operation, const Image& in, Arguments... arguments) {
  VipsImage* out = nullptr;
  if (operation(in.get(), &out, arguments..., nullptr) != 0) fail(what);
  return Image(out);
}

extern "C" void on_progress(VipsImage* image, VipsProgress* /*progress*/, void* deadline) {
  if (Clock::now() > *static_cast<const Clock::time_point*>(deadline)) {
    vips_image_set_kill(image, TRUE);
  }
}

// Has the evaluation of `image` end at `deadline`, which must outlive the image.
void watch(const Image& image, const Clock::time_point& deadline) {
  vips_image_set_progress(image.get(), TRUE);
  // The callback only reads it; GLib has no pointers to what is const.
  g_signal_connect(image.get(), "eval", G_CALLBACK(on_progress),
                   const_cast<Clock::time_point*>(&deadline));  // NOLINT(*-const-cast)
}

Image to_memory(const Image& image, const Clock::time_point& deadline) {
  watch(image, deadline);
  VipsImage* copy = vips_image_copy_memory(image.get());
  if (copy == nullptr) fail("pixels");
  return Image(copy);
}

// A file as the loader is to see it: a packed SVG unpacked, for librsvg never comes back from one
// that is cut.
struct Unpacked {
  std::vector<std::uint8_t> made;
  ByteSpan file;
};

Unpacked unpack(const Picture& picture) {
  const bool packed = picture.format == "svg" && as_text(picture.file).starts_with(kGzipMagic);
  if (!packed) return {{}, picture.file};
  Inflated inflated = inflate_prefix(picture.file, DeflateWrapper::kGzip, kMaxUnpacked);
  if (!inflated.ended) throw Undecodable("svg: its packing is broken, or too much is packed");
  Unpacked unpacked{std::move(inflated.data), {}};
  unpacked.file = unpacked.made;
  return unpacked;
}

Image load(const Picture& picture, const Loader& loader, const Loading& loading) {
  const Reference<VipsSource> source(
      vips_source_new_from_memory(picture.file.data(), picture.file.size()));
  VipsImage* out = nullptr;
  if (!source || loader.load(source.get(), loading, &out) != 0) fail("decoder");
  return Image(out);
}

// The frames that count, and so may have to be decoded.
unsigned count_frames(const Picture& picture, const DecodeLimits& limits, const Loader& loader,
                      int pages) {
  if (!loader.animated) return 1;
  return std::min(static_cast<unsigned>(std::max(pages, 1)),
                  std::max(limits.max_frames, picture.page + 1));
}

void check_resolution(const Image& image, unsigned frames, const DecodeLimits& limits) {
  const auto of_frame = static_cast<std::uint64_t>(vips_image_get_width(image.get())) *
                        static_cast<std::uint64_t>(vips_image_get_page_height(image.get()));
  const bool one_by_one = frames > 1 && limits.max_frame_resolution > 0;
  const std::uint64_t limit = one_by_one ? limits.max_frame_resolution : limits.max_resolution;
  const std::uint64_t pixels = one_by_one ? of_frame : of_frame * frames;
  if (pixels > limit) {
    throw Undecodable("it has " + std::to_string(pixels) + " pixels to decode, over " +
                      std::to_string(limit));
  }
}

// A picture whose header was read and found within the limits.
struct Opened {
  const Loader& loader;
  Loading loading;
  Image header;
};

Opened open(const Picture& picture, const DecodeLimits& limits) {
  const Loader* loader = find_loader(picture.format);
  if (loader == nullptr) throw Undecodable("no decoder");
  const unsigned page = loader->paged ? picture.page : 0;
  if (page > kMaxPages) throw Undecodable("no such page");
  const Loading loading{.page = static_cast<int>(page),
                        .png_unlimited = limits.png_unlimited,
                        .svg_unlimited = limits.svg_unlimited};
  if (picture.format == "svg") check_svg_images(picture.file, limits.max_resolution);
  if (picture.format == "png" && !limits.png_unlimited) check_png_chunks(picture.file);
  Image header = load(picture, *loader, loading);
  const int pages = vips_image_get_n_pages(header.get());
  check_resolution(header, count_frames(picture, limits, *loader, pages), limits);
  return {*loader, loading, std::move(header)};
}

// The greatest value of an alpha channel.
double full_alpha(const Image& image) {
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

bool has_alpha(const Image& image) { return vips_image_hasalpha(image.get()) != 0; }

// How much of its sides a picture keeps.
struct Scale {
  double across = 1;
  double down = 1;

  bool is_none() const { return across == 1 && down == 1; }
};

// That by which the longest side becomes `side`, and no side nothing.
Scale scale_to(const Image& image, unsigned side) {
  const int width = vips_image_get_width(image.get());
  const int height = vips_image_get_height(image.get());
  const double scale = std::min(1.0, static_cast<double>(side) / std::max(width, height));
  return {std::max(scale, 1.0 / width), std::max(scale, 1.0 / height)};
}

Image scale_down(const Image& image, const Scale& scale) {
  const auto resize = [&scale](const Image& in) {
    return run("resize", vips_resize, in, scale.across, "vscale", scale.down, "kernel",
               VIPS_KERNEL_LINEAR);
  };
  if (!has_alpha(image)) return resize(image);
  // What is not seen must not colour what is.
  const double full = full_alpha(image);
  const Image seen = run("premultiply", vips_premultiply, image, "max_alpha", full);
  const Image small = resize(seen);
  const Image back = run("unpremultiply", vips_unpremultiply, small, "max_alpha", full);
  return run("cast", vips_cast, back, vips_image_get_format(image.get()));
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
  if (opened.loader.scales && shortest * both >= 1) loading.scale = both;
  return loading;
}

// Colours alone, of any kind, to 8 bits of sRGB.
Image to_srgb(const Image& image) {
  VipsImage* out = nullptr;
  if (vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0 &&
      vips_icc_transform(image.get(), &out, "srgb", "embedded", TRUE, "intent",
                         VIPS_INTENT_RELATIVE, "black_point_compensation", TRUE, nullptr) == 0) {
    return Image(out);
  }
  // A profile that is broken or of another space counts for nothing.
  if (vips_colourspace_issupported(image.get()) != 0 &&
      vips_colourspace(image.get(), &out, VIPS_INTERPRETATION_sRGB, nullptr) == 0) {
    return run("cast", vips_cast, Image(out), VIPS_FORMAT_UCHAR);
  }
  const int bands = vips_image_get_bands(image.get()) >= kColorBands ? kColorBands : 1;
  const Image first = run("bands", vips_extract_band, image, 0, "n", bands);
  return run("cast", vips_cast, first, VIPS_FORMAT_UCHAR);
}

Image to_uchar_alpha(const Image& image) {
  const int last = vips_image_get_bands(image.get()) - 1;
  const Image alpha = run("alpha", vips_extract_band, image, last);
  const double full = full_alpha(image);
  if (full == kFullAlpha) return run("cast", vips_cast, alpha, VIPS_FORMAT_UCHAR);
  const Image scaled = run("alpha", vips_linear1, alpha, kFullAlpha / full, 0.5);
  return run("cast", vips_cast, scaled, VIPS_FORMAT_UCHAR);
}

// The bytes of an image of uchar.
std::vector<std::uint8_t> bytes_of(const Image& image) {
  std::size_t size = 0;
  const std::unique_ptr<void, decltype(&g_free)> memory(
      vips_image_write_to_memory(image.get(), &size), g_free);
  if (!memory) fail("pixels");
  const auto* first = static_cast<const std::uint8_t*>(memory.get());
  return {first, first + size};
}

Pixels to_pixels(const Image& image) {
  Pixels pixels;
  pixels.width = static_cast<unsigned>(vips_image_get_width(image.get()));
  pixels.height = static_cast<unsigned>(vips_image_get_height(image.get()));
  pixels.has_alpha = has_alpha(image);
  const int color_bands = vips_image_get_bands(image.get()) - (pixels.has_alpha ? 1 : 0);
  const Image colors =
      to_srgb(pixels.has_alpha ? run("bands", vips_extract_band, image, 0, "n", color_bands)
                               : Image(vips_image_copy_memory(image.get())));
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

Image turn(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  vips_image_set_int(image.get(), VIPS_META_ORIENTATION, orientation);
  return run("autorot", vips_autorot, image);
}

// An image over RGBA in memory, which must outlive it.
Image over(const Pixels& pixels) {
  VipsImage* image = vips_image_new_from_memory(
      pixels.rgba.data(), pixels.rgba.size(), static_cast<int>(pixels.width),
      static_cast<int>(pixels.height), 4, VIPS_FORMAT_UCHAR);
  if (image == nullptr) fail("pixels");
  image->Type = VIPS_INTERPRETATION_sRGB;
  return Image(image);
}

}  // namespace

bool can_decode(std::string_view format) { return find_loader(format) != nullptr; }

Decoded decode(const Picture& packed, const DecodeLimits& limits) {
  thread_local ThreadScope thread_scope;
  const ErrorScope error_scope;
  const Unpacked unpacked = unpack(packed);
  Picture picture = packed;
  picture.file = unpacked.file;
  Opened opened = open(picture, limits);
  const Scale scale = scale_to(opened.header, kWorkingSide);
  const Loading loading = shrunk(opened, scale);
  // Kept to the end: a loader may have let its metadata, which later images share, live no longer
  // than the image that it made (libvips 8.14's of HEIF does).
  const Image loaded = loading.shrink == 1 && loading.scale == 1
                           ? std::move(opened.header)
                           : load(picture, opened.loader, loading);
  const Scale left = scale_to(loaded, kWorkingSide);
  Image image = left.is_none() ? to_memory(loaded, limits.deadline)
                               : to_memory(scale_down(loaded, left), limits.deadline);
  if (!opened.loader.turns_itself) image = turn(std::move(image), picture.orientation);
  return {to_pixels(image),
          scale.is_none() && vips_image_get_format(image.get()) == VIPS_FORMAT_UCHAR};
}

bool find_transparency(const Picture& packed, const DecodeLimits& limits) {
  thread_local ThreadScope thread_scope;
  const ErrorScope error_scope;
  const Unpacked unpacked = unpack(packed);
  Picture picture = packed;
  picture.file = unpacked.file;
  Opened opened = open(picture, limits);
  if (!has_alpha(opened.header)) return false;
  Image image = std::move(opened.header);
  if (opened.loader.animated && limits.max_frames > 1) {
    const int left = vips_image_get_n_pages(image.get()) - opened.loading.page;
    opened.loading.frames =
        std::min(left, static_cast<int>(std::min(limits.max_frames, kMaxPages)));
    if (opened.loading.frames > 1) image = load(picture, opened.loader, opened.loading);
  }
  const Image alpha = run("alpha", vips_extract_band, image, vips_image_get_bands(image.get()) - 1);
  watch(alpha, limits.deadline);
  double least = 0;
  if (vips_min(alpha.get(), &least, nullptr) != 0) fail("alpha");
  return least < full_alpha(image);
}

Pixels shrink(const Pixels& pixels, unsigned side) {
  thread_local ThreadScope thread_scope;
  const ErrorScope error_scope;
  const Image image = over(pixels);
  const Scale scale = scale_to(image, side);
  if (scale.is_none()) return pixels;
  Pixels small = to_pixels(scale_down(image, scale));
  small.has_alpha = pixels.has_alpha;
  return small;
}

Pixels upright(const Pixels& pixels, unsigned side, int orientation) {
  thread_local ThreadScope thread_scope;
  const ErrorScope error_scope;
  Pixels small = shrink(pixels, side);
  if (orientation <= 1) return small;
  Pixels turned = to_pixels(turn(Image(vips_image_copy_memory(over(small).get())), orientation));
  turned.has_alpha = pixels.has_alpha;
  return turned;
}

Place find_attention(const Pixels& pixels, unsigned width, unsigned height) {
  thread_local ThreadScope thread_scope;
  const ErrorScope error_scope;
  const Image part = run("smartcrop", vips_smartcrop, over(pixels), static_cast<int>(width),
                         static_cast<int>(height), "interesting", VIPS_INTERESTING_ATTENTION);
  // An area that was cut out remembers where from, in negative numbers.
  return {static_cast<unsigned>(std::max(0, -vips_image_get_xoffset(part.get()))),
          static_cast<unsigned>(std::max(0, -vips_image_get_yoffset(part.get())))};
}

}  // namespace imgpeek
