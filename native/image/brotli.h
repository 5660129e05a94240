// Brotli (RFC 7932), bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytes.h"

namespace imgpeek {

// The inflated stream; what came before the damage of a damaged one. Malformed where it inflates to
// more than `limit` bytes.
std::vector<std::uint8_t> inflate_brotli(ByteSpan stream, std::size_t limit);

}  // namespace imgpeek
