// Deflated data, of which a bounded beginning is enough.
#pragma once

#include <cstdint>
#include <vector>

#include "bytes.h"

namespace imgpeek {

// What is wrapped around the deflated data.
enum class DeflateWrapper { kZlib, kGzip, kNone };

struct Inflated {
  std::vector<std::uint8_t> data;
  // True where the stream was read to its end; else the limit, the end of the input or damage
  // stopped it.
  bool ended = false;
  // True where more input could give more output.
  bool starved = false;
};

// Inflates `deflated`, at most `limit` bytes of it. Never throws for damage: what came before
// counts.
Inflated inflate_prefix(ByteSpan deflated, DeflateWrapper wrapper, std::size_t limit);

}  // namespace imgpeek
