// The clock by which µWebSockets closes connections that idle.
#pragma once

#include <chrono>

struct uv_loop_s;

namespace imgpeek {

// µSockets looks through its connections every four seconds (LIBUS_TIMEOUT_GRANULARITY), and
// µWebSockets closes one that idled for ten of them (HTTP_TIMEOUT_S), which are three looks: both
// are numbers of its build. Has it look so seldom that no connection which idles for `time` is
// closed; one that is left alone is, in one and a half of it. To be called once the library has its
// timer in `loop`, which is so when an App was made; false where there is no such timer.
bool slow_sweep(uv_loop_s* loop, std::chrono::milliseconds time);

}  // namespace imgpeek
