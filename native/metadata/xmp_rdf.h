// The part of RDF/XML that XMP is written in (ISO 16684-1, chapter 7).
#pragma once

#include <pugixml.hpp>

#include "value.h"

namespace imgpeek {

// Adds the properties of each rdf:RDF in `document` to `xmp`, as {prefix: {property: value}}. What
// is there already wins.
void read_rdf(const pugi::xml_document& document, Object& xmp);

}  // namespace imgpeek
