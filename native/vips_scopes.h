// Owners of what libvips hands out, and of what it keeps.
#pragma once

#include <vips/vips.h>

#include <memory>

namespace imgpeek {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Reference = std::unique_ptr<T, Unref>;

// Around what a thread has libvips do. It keeps an error buffer for the process, which would grow
// with each file that it refuses, and some memory for a thread, which is freed when the thread
// ends.
class VipsScope {
 public:
  VipsScope() { thread_local ThreadEnd thread_end; }
  VipsScope(const VipsScope&) = delete;
  VipsScope& operator=(const VipsScope&) = delete;
  ~VipsScope() { vips_error_clear(); }

 private:
  struct ThreadEnd {
    ThreadEnd() = default;
    ThreadEnd(const ThreadEnd&) = delete;
    ThreadEnd& operator=(const ThreadEnd&) = delete;
    ~ThreadEnd() { vips_thread_shutdown(); }
  };
};

}  // namespace imgpeek
