// The root element of an SVG document: whether there is one, and its attributes.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "bytes.h"

namespace imgpeek {

// Views into the document's text, which lives as long as the Bytes that it came from.
struct SvgRoot {
  std::vector<std::pair<std::string_view, std::string_view>> attributes;  // as written
  bool empty = false;  // it has no content at all

  // The value of the attribute `name`, or empty.
  std::optional<std::string_view> find(std::string_view name) const;
};

// True where the first element of an XML document is `svg`, with or without a prefix, after what
// XML allows before it. Looks at a bounded beginning, and at little of what is no XML. May throw
// Missing.
bool begins_with_svg(Bytes& bytes);

// The root element's start tag. Nothing that it refers to is looked up: no entity, no DTD, no link.
// Malformed where it is not well-formed.
SvgRoot read_svg_root(Bytes& bytes);

// The attributes of a start tag, from behind its name. Malformed where they are not well-formed.
std::vector<std::pair<std::string_view, std::string_view>> parse_attributes(std::string_view text);

// Where the start tag ends whose name begins at `at`: the offset of its `>`, or npos.
std::size_t find_tag_end(std::string_view text, std::size_t at);

// XML 1.0, production 3.
bool is_xml_space(char c);

}  // namespace imgpeek
