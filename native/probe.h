// The core: a pure function of the bytes held.
#pragma once

#include "bytes.h"
#include "info.h"

namespace imgpeek {

// Answers what the file is, or which bytes it takes to say so. The caller fetches those and calls
// again with all that it holds. Never throws but for std::bad_alloc; safe to call from any thread.
ProbeResult probe(Bytes& bytes, const Wanted& wanted) noexcept(false);

}  // namespace imgpeek
