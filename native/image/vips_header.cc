#include "image/vips_header.h"

#include <vips/vips.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "vips_scopes.h"

namespace imgpeek {
namespace {

// libvips holds these loaders to be untrusted, for it has not fuzzed them itself: those of libjxl
// and librsvg, which their own projects fuzz. They are called where pixels are asked for.
constexpr std::array kDecodedAllTheSame = {"VipsForeignLoadJxl", "VipsForeignLoadSvg"};

void swallow(const gchar* /*domain*/, GLogLevelFlags /*level*/, const gchar* /*message*/,
             gpointer /*user*/) noexcept {}

std::string_view nick(GType type, int value) { return vips_enum_nick(type, value); }

}  // namespace

void read_pixel_format(ByteSpan tiff, Image& image) {
  const VipsScope scope;
  const Reference<VipsSource> source(vips_source_new_from_memory(tiff.data(), tiff.size()));
  if (!source) return;
  // The loader is called by name: libvips' own sniffing would let every loader look at the bytes.
  VipsImage* loaded = nullptr;
  const bool failed = vips_tiffload_source(source.get(), &loaded, nullptr) != 0;
  const Reference<VipsImage> header(loaded);
  if (failed || !header) return;
  image.colorspace = nick(VIPS_TYPE_INTERPRETATION, vips_image_get_interpretation(header.get()));
  image.bands = static_cast<unsigned>(vips_image_get_bands(header.get()));
  image.sample_format = nick(VIPS_TYPE_BAND_FORMAT, vips_image_get_format(header.get()));
}

void start_vips() {
  static std::once_flag once;
  std::call_once(once, [] {
    g_log_set_handler("VIPS",
                      static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE |
                                                  G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG),
                      swallow, nullptr);
    if (VIPS_INIT("imgpeek") != 0) {
      vips_error_clear();
      throw std::runtime_error("libvips does not start");
    }
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
    vips_concurrency_set(1);
    vips_leak_set(FALSE);
    vips_block_untrusted_set(TRUE);
    for (const char* loader : kDecodedAllTheSame) vips_operation_block_set(loader, FALSE);
  });
}

VipsMemory vips_memory() noexcept {
  return {vips_tracked_get_mem(), vips_tracked_get_mem_highwater(), vips_tracked_get_allocs()};
}

}  // namespace imgpeek
