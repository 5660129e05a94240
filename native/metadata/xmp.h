// XMP packets (ISO 16684-1): RDF/XML to {prefix: {property: value}}.
#pragma once

#include <vector>

#include "bytes.h"
#include "value.h"

namespace imgpeek {

// Reads the packets, merged; a property of an earlier packet wins. UTF-8, UTF-16 and UTF-32 packets
// are known by their byte-order mark or pattern. Empty where nothing can be read.
Object read_xmp(const std::vector<ByteSpan>& packets);

}  // namespace imgpeek
