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

// libvips keeps an error buffer for the process, which would grow with each file that it refuses.
struct ErrorScope {
  ErrorScope() = default;
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;
  ~ErrorScope() { vips_error_clear(); }
};

// Frees what libvips keeps for a thread when the thread ends: to be thread_local.
struct ThreadScope {
  ThreadScope() = default;
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;
  ~ThreadScope() { vips_thread_shutdown(); }
};

}  // namespace imgpeek
