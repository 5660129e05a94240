// XMP in SVG documents.
#pragma once

#include "bytes.h"
#include "image/svg/svg_root.h"

namespace imgpeek {

// The first `x:xmpmeta` or `rdf:RDF` element that begins in the first part of the document, with
// the namespace declarations that it inherits; empty where there is none. Lives as long as `bytes`.
ByteSpan find_svg_xmp(Bytes& bytes, const SvgRoot& root);

}  // namespace imgpeek
