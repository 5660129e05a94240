// IPTC-IIM dataset streams.
#pragma once

#include "bytes.h"
#include "value.h"

namespace imgpeek {

// Reads the datasets of a stream up to its end or the first damaged one. Empty if there are none.
Object read_iptc(ByteSpan stream);

}  // namespace imgpeek
