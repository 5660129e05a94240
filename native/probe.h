// The core: a pure function of the bytes held.
#pragma once

#include <cstddef>
#include <optional>

#include "bytes.h"
#include "info.h"

namespace imgpeek {

// Answers what the file is, or which bytes it takes to say so. The caller fetches those and calls
// again with all that it holds. Never throws but for std::bad_alloc; safe to call from any thread.
ProbeResult probe(Bytes& bytes, const Wanted& wanted) noexcept(false);

// What probe_briefly() takes at most, in bytes held: the first range of an image and some more.
inline constexpr std::size_t kMaxBrief = std::size_t{128} * 1024;

// The same, where it takes no longer than the thread that serves all requests can spare: some
// milliseconds for the worst file, a twentieth of one for most. Nothing where it might take longer;
// probe() on another thread then answers. `bytes` are of brief effort and kMaxBrief at the most.
std::optional<ProbeResult> probe_briefly(Bytes& bytes, const Wanted& wanted) noexcept(false);

}  // namespace imgpeek
