// The parts of an SVG in which a URL may stand.
#pragma once

#include <string>
#include <string_view>

namespace imgpeek {

// The document without its comments and without the text between its tags, but for that of styles;
// where one is left out stands a space. Tags, declarations, instructions and styles stay as they
// are: what a parser of XML reads as one of them is never left out. Of what is no well-formed XML
// more may stay.
std::string markup_of(std::string_view svg);

}  // namespace imgpeek
