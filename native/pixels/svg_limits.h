// What an SVG may hold beside what it draws itself.
#pragma once

#include <cstdint>

#include "bytes.h"

namespace imgpeek {

// Throws Undecodable where an SVG holds images, or further documents, whose pixels cannot be
// counted, or more than `max_resolution` of them: a few kilobytes of it stand for gigabytes of
// memory. librsvg loads what `data:` URLs hold and nothing else, so that all of these are looked
// at, with escapes of CSS resolved too, and what could hide one is refused: entities, and encodings
// that are not ASCII's. `file` is not packed.
void check_svg_images(ByteSpan file, std::uint64_t max_resolution);

}  // namespace imgpeek
