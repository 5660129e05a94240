#include "image/vips_header.h"

#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace imgpeek {
namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Reference = std::unique_ptr<T, Unref>;

// libvips keeps an error buffer for the process, which would grow with each file that it refuses.
struct ErrorScope {
  ErrorScope() = default;
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;
  ~ErrorScope() { vips_error_clear(); }
};

// Frees what libvips keeps for a thread when the thread ends.
struct ThreadScope {
  ThreadScope() = default;
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;
  ~ThreadScope() { vips_thread_shutdown(); }
};

// A loader reads on in buffers of 4 KiB: ask for more at once, and for as much again as is held
// from the start, so that the rounds grow with the logarithm of the header.
constexpr std::uint64_t kMinNeed = 16384;
constexpr std::uint64_t kMaxNeed = 1U << 20U;

// What stands in for the size of a file whose size is not known yet: larger than any offset in it.
constexpr std::int64_t kUnknownSize = std::int64_t{1} << 60U;

// The position of one VipsSource in a file, and the first byte that it asked for in vain.
struct Reading {
  const Bytes& bytes;
  std::int64_t position = 0;
  std::optional<Range> missing = std::nullopt;

  std::int64_t size() const {
    const std::optional<std::uint64_t> known = bytes.size();
    return known && *known < static_cast<std::uint64_t>(kUnknownSize)
               ? static_cast<std::int64_t>(*known)
               : kUnknownSize;
  }

  // `offset`, where all before it is held; else 0.
  std::uint64_t held_before(std::uint64_t offset) const {
    std::uint64_t end = 0;
    while (end < offset) {
      const std::size_t length = bytes.held(end, offset - end).size();
      if (length == 0) return 0;
      end += length;
    }
    return offset;
  }

  // A missing byte reads as the end of the file, which every loader takes calmly; its JPEG loader
  // retries on an error.
  std::int64_t read(void* buffer, std::int64_t length) {
    if (length <= 0 || position < 0 || position >= size()) return 0;
    const auto offset = static_cast<std::uint64_t>(position);
    const ByteSpan data = bytes.held(offset, static_cast<std::uint64_t>(length));
    if (data.empty()) {
      if (!missing) {
        const std::uint64_t as_much = std::clamp(held_before(offset), kMinNeed, kMaxNeed);
        missing = Range{offset, std::max(as_much, static_cast<std::uint64_t>(length))};
      }
      return 0;
    }
    std::memcpy(buffer, data.data(), data.size());
    position += static_cast<std::int64_t>(data.size());
    return static_cast<std::int64_t>(data.size());
  }

  std::int64_t seek(std::int64_t offset, int whence) {
    std::int64_t target = 0;
    const std::int64_t base = whence == SEEK_CUR ? position : whence == SEEK_END ? size() : 0;
    if (__builtin_add_overflow(base, offset, &target) || target < 0) return -1;
    position = target;
    return position;
  }
};

gint64 on_read(VipsSourceCustom* /*source*/, void* buffer, gint64 length, void* reading) noexcept {
  return static_cast<Reading*>(reading)->read(buffer, length);
}

gint64 on_seek(VipsSourceCustom* /*source*/, gint64 offset, int whence, void* reading) noexcept {
  return static_cast<Reading*>(reading)->seek(offset, whence);
}

void swallow(const gchar* /*domain*/, GLogLevelFlags /*level*/, const gchar* /*message*/,
             gpointer /*user*/) noexcept {}

using Load = int (*)(VipsSource* source, VipsImage** out);

int load_jpeg(VipsSource* source, VipsImage** out) {
  return vips_jpegload_source(source, out, nullptr);
}
int load_png(VipsSource* source, VipsImage** out) {
  return vips_pngload_source(source, out, nullptr);
}
int load_tiff(VipsSource* source, VipsImage** out) {
  return vips_tiffload_source(source, out, nullptr);
}

// The loaders are called by name rather than by libvips' own sniffing, so that no other loader ever
// looks at a stranger's bytes.
struct Loader {
  std::string_view magic;
  Load load;
};
constexpr std::array kLoaders = {
    Loader{"\xff\xd8\xff", load_jpeg},
    Loader{"\x89PNG", load_png},
    Loader{std::string_view("II*\0", 4), load_tiff},
    Loader{std::string_view("MM\0*", 4), load_tiff},
    Loader{std::string_view("II+\0", 4), load_tiff},
    Loader{std::string_view("MM\0+", 4), load_tiff},
};

Load find_loader(Bytes& bytes) {
  for (const Loader& loader : kLoaders) {
    if (bytes.matches(0, loader.magic)) return loader.load;
  }
  return nullptr;
}

std::string_view nick(GType type, int value) { return vips_enum_nick(type, value); }

}  // namespace

void read_pixel_format(Bytes& bytes, Image& image) {
  const Load load = find_loader(bytes);
  if (load == nullptr) return;
  thread_local ThreadScope thread_scope;
  const ErrorScope error_scope;
  Reading reading{bytes};
  const Reference<VipsSourceCustom> source(vips_source_custom_new());
  if (!source) return;
  g_signal_connect(source.get(), "read", G_CALLBACK(on_read), &reading);
  g_signal_connect(source.get(), "seek", G_CALLBACK(on_seek), &reading);
  VipsImage* loaded = nullptr;
  const bool failed = load(VIPS_SOURCE(source.get()), &loaded) != 0;
  const Reference<VipsImage> header(loaded);
  // Also after a success: what a loader took for the end of the file may have changed its answer.
  if (reading.missing) bytes.require({*reading.missing});
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
  });
}

}  // namespace imgpeek
