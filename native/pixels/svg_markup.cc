#include "pixels/svg_markup.h"

#include <cstddef>

namespace imgpeek {
namespace {

// What is found from `at` on, its end included; to the end of the text where it is not.
std::string_view to_end_of(std::string_view text, std::size_t at, std::string_view end) {
  const std::size_t found = text.find(end, at);
  return found == std::string_view::npos ? text.substr(at)
                                         : text.substr(at, found + end.size() - at);
}

// A tag or a declaration from its `<` to its `>`, which between quotes is none (XML 1.0, 3.1).
std::string_view tag_at(std::string_view text, std::size_t at) {
  char quote = 0;
  for (std::size_t end = at; end < text.size(); ++end) {
    const char c = text[end];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return text.substr(at, end + 1 - at);
    }
  }
  return text.substr(at);
}

// The name in a tag without its prefix (Namespaces in XML 1.0, 4).
std::string_view local_name(std::string_view tag) {
  tag.remove_prefix(tag.starts_with("</") ? 2 : 1);
  const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
  return name.substr(name.find(':') + 1);
}

// How many elements are open after a tag of theirs.
unsigned count_open(std::string_view tag, unsigned before) {
  if (tag.ends_with("/>")) return before;
  if (!tag.starts_with("</")) return before + 1;
  return before == 0 ? 0 : before - 1;
}

}  // namespace

std::string markup_of(std::string_view svg) {
  constexpr std::string_view kText = "<![CDATA[";
  std::string markup;
  markup.reserve(svg.size());
  unsigned styles = 0;  // that are open, one in another
  for (std::size_t at = 0; at < svg.size();) {
    const std::string_view rest = svg.substr(at);
    std::string_view part;
    bool stays = true;
    if (rest.starts_with("<!--")) {
      part = to_end_of(svg, at, "-->");
      stays = false;
    } else if (rest.starts_with(kText)) {
      part = to_end_of(svg, at, "]]>");
      stays = styles > 0;
    } else if (rest.starts_with("<?")) {
      part = to_end_of(svg, at, "?>");
    } else if (rest.starts_with('<')) {
      part = tag_at(svg, at);
      if (local_name(part) == "style") styles = count_open(part, styles);
    } else {
      part = rest.substr(0, rest.find('<'));
      stays = styles > 0;
    }
    markup.append(stays ? part : " ");
    at += part.size();
  }
  return markup;
}

}  // namespace imgpeek
