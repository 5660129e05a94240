#include "front/sweep.h"

#include <cstdint>
#include <string_view>

#include "front/imports.h"

// What is taken of libuv, which Node exports; its headers do not come with Node-API's.
struct uv_handle_s;

namespace imgpeek {
namespace {

constexpr std::uint64_t kEvery = 4000;  // ms from one look to the next
// Between the third look and the first two pass in full.
constexpr std::uint64_t kLooks = 2;

struct Libuv {
  void (*walk)(uv_loop_s*, void (*)(uv_handle_s*, void*), void*) = nullptr;
  int (*get_type)(const uv_handle_s*) = nullptr;
  const char* (*type_name)(int) = nullptr;
  std::uint64_t (*get_repeat)(const uv_handle_s*) = nullptr;
  void (*set_repeat)(uv_handle_s*, std::uint64_t) = nullptr;
};

struct Search {
  Libuv uv;
  uv_handle_s* sweep = nullptr;
};

void look_at(uv_handle_s* handle, void* argument) noexcept {
  auto& search = *static_cast<Search*>(argument);
  const Libuv& uv = search.uv;
  if (std::string_view(uv.type_name(uv.get_type(handle))) != "timer") return;
  if (uv.get_repeat(handle) == kEvery) search.sweep = handle;
}

}  // namespace

bool slow_sweep(uv_loop_s* loop, std::chrono::milliseconds time) {
  Search search;
  Libuv& uv = search.uv;
  if (!load("uv_walk", uv.walk) || !load("uv_handle_get_type", uv.get_type) ||
      !load("uv_handle_type_name", uv.type_name) || !load("uv_timer_get_repeat", uv.get_repeat) ||
      !load("uv_timer_set_repeat", uv.set_repeat)) {
    return false;
  }
  uv.walk(loop, look_at, &search);
  if (search.sweep == nullptr) return false;
  const auto every = static_cast<std::uint64_t>(time.count()) / kLooks + 1;
  // It counts from the next look on.
  if (every > kEvery) uv.set_repeat(search.sweep, every);
  return true;
}

}  // namespace imgpeek
