#include "pixels/develop.h"

#include <dlfcn.h>
#include <libraw/libraw.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "pixels/undecodable.h"

namespace imgpeek {
namespace {

using Clock = std::chrono::steady_clock;

// LibRaw holds up to four samples of two bytes for each pixel as it unpacks them.
constexpr std::uint64_t kMaxBytesOfPixel = 8;

// Of a picture that is at least so many times what is asked for half is enough.
constexpr unsigned kHalf = 2;

// LibRaw's word for squares of 36 filters. It does not interpolate small pictures of them.
constexpr unsigned kXTrans = 9;

[[noreturn]] void fail_with(int code) {
  throw Undecodable(std::string("raw: ") + LibRaw::strerror(code));
}

void check(int code) {
  if (code != LIBRAW_SUCCESS) fail_with(code);
}

// OpenMP would have a team of threads for each thread that decodes, of as many as there are cores.
// LibRaw may be built without it; and its header comes with one compiler only.
void stay_on_this_thread() {
  using SetThreads = void (*)(int);
  static const auto kSetThreads =
      reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));  // NOLINT
  if (kSetThreads != nullptr) kSetThreads(1);
}

// A file in memory, of which nothing more is read when the time is up: what reads without end stops
// there.
class TimedStream : public LibRaw_buffer_datastream {
 public:
  TimedStream(ByteSpan file, Clock::time_point deadline)
      // The file is only read.
      : LibRaw_buffer_datastream(const_cast<std::uint8_t*>(file.data()),  // NOLINT(*-const-cast)
                                 file.size()),
        deadline_(deadline) {}

  int read(void* into, size_t size, size_t count) override {
    check_time();
    return LibRaw_buffer_datastream::read(into, size, count);
  }
  int seek(INT64 offset, int whence) override {
    check_time();
    return LibRaw_buffer_datastream::seek(offset, whence);
  }
  int get_char() override {
    if (++characters_ % kCharacters == 0) check_time();
    return LibRaw_buffer_datastream::get_char();
  }

 private:
  static constexpr unsigned kCharacters = 4096;  // between two looks at the clock

  void check_time() const {
    if (Clock::now() > deadline_) throw LIBRAW_EXCEPTION_CANCELLED_BY_CALLBACK;
  }

  Clock::time_point deadline_;
  unsigned characters_ = 0;
};

// Called between the steps of developing; ends them where it gives anything but 0.
extern "C" int is_late(void* deadline, LibRaw_progress /*stage*/, int /*at*/, int /*of*/) {
  return Clock::now() > *static_cast<const Clock::time_point*>(deadline) ? 1 : 0;
}

// Fields of 36 filters, with which LibRaw 0.20 writes beyond its table without end: the second
// always, the first where no field CFARepeatPatternDim of 6 by 6 was before it.
constexpr int kCfaPattern = 33422;
constexpr int kKodakCfaPattern = 64777;
constexpr int kXTransFilters = 36;

// Called with each field before LibRaw reads it; upper bits of the tag tell its directory.
extern "C" void refuse_long_pattern(void* raw, int tag, int /*type*/, int length,
                                    unsigned /*order*/, void* /*stream*/, INT64 /*base*/) {
  constexpr int kTag = 0xFFFF;
  const bool is_told = static_cast<LibRaw*>(raw)->imgdata.idata.filters == kXTrans;
  const bool is_pattern =
      (tag & kTag) == kKodakCfaPattern || ((tag & kTag) == kCfaPattern && !is_told);
  if (is_pattern && length == kXTransFilters) throw LIBRAW_EXCEPTION_IO_CORRUPT;
}

void set_up(LibRaw& raw, const DecodeLimits& limits) {
  raw.set_exifparser_handler(refuse_long_pattern, &raw);
  raw.set_dataerror_handler(nullptr, nullptr);  // it writes to standard error
  // The callback only reads it; LibRaw has no pointers to what is const.
  raw.set_progress_handler(
      is_late, const_cast<Clock::time_point*>(&limits.deadline));  // NOLINT(*-const-cast)
  raw.imgdata.params.use_camera_wb = 1;
  raw.imgdata.params.output_bps = 8;
  raw.imgdata.params.user_flip = 0;
  const std::uint64_t megabytes = (limits.max_resolution * kMaxBytesOfPixel >> 20U) + 1;
#if LIBRAW_COMPILE_CHECK_VERSION_NOTLESS(0, 21)
  raw.imgdata.rawparams.max_raw_memory_mb =
#else
  raw.imgdata.params.max_raw_memory_mb =
#endif
      static_cast<unsigned>(std::min<std::uint64_t>(megabytes, UINT32_MAX));
}

void check_resolution(const libraw_image_sizes_t& sizes, const DecodeLimits& limits) {
  const std::uint64_t of_sensor = std::uint64_t{sizes.raw_width} * sizes.raw_height;
  const std::uint64_t of_picture = std::uint64_t{sizes.width} * sizes.height;
  check_pixels(std::max(of_sensor, of_picture), limits.max_resolution);
}

struct Clear {
  void operator()(libraw_processed_image_t* image) const { LibRaw::dcraw_clear_mem(image); }
};
using Developed = std::unique_ptr<libraw_processed_image_t, Clear>;

extern "C" void on_close(VipsImage* /*image*/, void* developed) {
  LibRaw::dcraw_clear_mem(static_cast<libraw_processed_image_t*>(developed));
}

VipsPtr to_image(Developed developed) {
  const bool has_pixels = developed->type == LIBRAW_IMAGE_BITMAP && developed->bits == 8 &&
                          (developed->colors == 1 || developed->colors == 3);
  if (!has_pixels) throw Undecodable("raw: it gives no picture");
  VipsPtr image(vips_image_new_from_memory(developed->data, developed->data_size, developed->width,
                                           developed->height, developed->colors,
                                           VIPS_FORMAT_UCHAR));
  if (!image) fail("raw");
  image->Type = developed->colors == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  g_signal_connect(image.get(), "close", G_CALLBACK(on_close), developed.release());
  return image;
}

}  // namespace

VipsPtr develop(ByteSpan file, const DecodeLimits& limits, unsigned side) {
  stay_on_this_thread();
  TimedStream stream(file, limits.deadline);
  const auto raw = std::make_unique<LibRaw>();  // too large for a stack
  set_up(*raw, limits);
  try {
    check(raw->open_datastream(&stream));
    const libraw_image_sizes_t& sizes = raw->imgdata.sizes;
    check_resolution(sizes, limits);
    const bool is_large = std::max(sizes.width, sizes.height) >= kHalf * side;
    raw->imgdata.params.half_size = is_large || raw->imgdata.idata.filters == kXTrans ? 1 : 0;
    check(raw->unpack());
    check(raw->dcraw_process());
    int code = LIBRAW_SUCCESS;
    Developed developed(raw->dcraw_make_mem_image(&code));
    if (!developed) fail_with(code);
    return to_image(std::move(developed));
  } catch (const LibRaw_exceptions&) {
    throw Undecodable("raw: broken");
  }
}

}  // namespace imgpeek
