#include "image/svg/svg_root.h"

#include <algorithm>
#include <array>

#include "image/svg/svg_document.h"

namespace imgpeek {
namespace {

// A doctype's internal subset and comments may stand before the root element. The text is searched
// in windows that grow, so that what is commonly short costs little.
constexpr std::array<std::size_t, 4> kWindows = {4096, 32768, 262144, 1048576};
constexpr std::size_t kMaxAttributes = 1024;
constexpr std::size_t kMaxName = 256;  // of the root element
// How much behind the start tag is looked at to see whether the element is empty.
constexpr std::size_t kLookahead = 64;

constexpr std::size_t kNone = std::string_view::npos;

// Gives `look` more and more of the document until it finds what it looks for; empty where it never
// does. What is held is looked at before more is fetched.
template <typename Found, typename Look>
std::optional<Found> look_at_start(Bytes& bytes, Look look) {
  for (const std::size_t window : kWindows) {
    for (const bool fetch : {false, true}) {
      const DocumentStart start = read_document_start(bytes, window, fetch);
      if (std::optional<Found> found = look(start)) return found;
      if (start.complete) return std::nullopt;
    }
  }
  return std::nullopt;
}

enum class Prolog { kSvg, kOther, kCut };

struct PrologEnd {
  Prolog kind = Prolog::kCut;
  std::size_t name = 0;  // where the root element's name begins
};

std::size_t after(std::string_view text, std::string_view end, std::size_t from) {
  const std::size_t found = text.find(end, from);
  return found == kNone ? kNone : found + end.size();
}

// XML 1.0, production 28: the end of the doctype declaration that begins at `at`.
std::size_t after_doctype(std::string_view text, std::size_t at) {
  bool in_subset = false;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!--")) {
      at = after(text, "-->", at + 4);
    } else if (rest.starts_with("<?")) {
      at = after(text, "?>", at + 2);
    } else if (rest[0] == '"' || rest[0] == '\'') {
      at = after(text, rest.substr(0, 1), at + 1);
    } else if (rest[0] == '>' && !in_subset) {
      return at + 1;
    } else {
      if (rest[0] == '[') in_subset = true;
      if (rest[0] == ']') in_subset = false;
      ++at;
    }
    if (at == kNone) return kNone;
  }
  return kNone;
}

bool is_name_end(char c) { return is_xml_space(c) || c == '>' || c == '/'; }

// Walks XML 1.0's prolog (production 22) up to the root element's name.
PrologEnd walk_prolog(std::string_view text) {
  std::size_t at = 0;
  for (;;) {
    while (at < text.size() && is_xml_space(text[at])) ++at;
    const std::string_view rest = text.substr(at);
    if (rest.empty()) return {Prolog::kCut};
    if (rest[0] != '<') return {Prolog::kOther};
    if (rest.starts_with("<?")) {
      at = after(text, "?>", at + 2);
    } else if (rest.starts_with("<!--")) {
      at = after(text, "-->", at + 4);
    } else if (rest.starts_with("<!D")) {
      at = after_doctype(text, at + 2);
    } else if (rest.starts_with("<!")) {
      return {rest.size() < 4 ? Prolog::kCut : Prolog::kOther};
    } else {
      const std::size_t name = at + 1;
      const auto end = std::find_if(rest.begin(), rest.end(), is_name_end);
      if (end == rest.end()) {
        return {rest.size() < kMaxName ? Prolog::kCut : Prolog::kOther};
      }
      const auto length = static_cast<std::size_t>(end - rest.begin()) - 1;
      const std::string_view qualified = text.substr(name, length);
      const std::string_view local = qualified.substr(qualified.find(':') + 1);
      return {local == "svg" ? Prolog::kSvg : Prolog::kOther, name};
    }
    if (at == kNone) return {Prolog::kCut};
  }
}

// XML 1.0, production 4, without telling apart what is not ASCII.
bool is_name_start(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}

void skip_space(std::string_view& text) {
  while (!text.empty() && is_xml_space(text[0])) text.remove_prefix(1);
}

bool is_empty_element(std::string_view tag, std::string_view behind) {
  if (tag.ends_with('/')) return true;
  skip_space(behind);
  return behind.starts_with("</");
}

}  // namespace

bool is_xml_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::optional<std::string_view> SvgRoot::find(std::string_view name) const {
  for (const auto& [key, value] : attributes) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::size_t find_tag_end(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '>') {
    if (text[at] == '"' || text[at] == '\'') {
      at = text.find(text[at], at + 1);
      if (at == kNone) return kNone;
    }
    ++at;
  }
  return at < text.size() ? at : kNone;
}

// Stricter than browsers are with HTML: an attribute without quotes or value is no XML. A `<` in a
// value is none either, but does no harm.
std::vector<std::pair<std::string_view, std::string_view>> parse_attributes(std::string_view text) {
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  for (;;) {
    const std::size_t before = text.size();
    skip_space(text);
    if (text.empty() || text == "/") return attributes;
    if (text.size() == before) throw Malformed("svg: no space between attributes");
    if (!is_name_start(text[0])) throw Malformed("svg: bad attribute name");
    const std::size_t equals = text.find('=');
    if (equals == kNone) throw Malformed("svg: attribute without a value");
    std::string_view name = text.substr(0, equals);
    while (is_xml_space(name.back())) name.remove_suffix(1);
    if (std::any_of(name.begin(), name.end(), is_xml_space)) {
      throw Malformed("svg: attribute without a value");
    }
    text.remove_prefix(equals + 1);
    skip_space(text);
    if (text.empty() || (text[0] != '"' && text[0] != '\'')) {
      throw Malformed("svg: attribute without quotes");
    }
    const std::size_t end = text.find(text[0], 1);
    if (end == kNone) throw Malformed("svg: attribute without an end");
    attributes.emplace_back(name, text.substr(1, end - 1));
    if (attributes.size() > kMaxAttributes) throw Malformed("svg: too many attributes");
    text.remove_prefix(end + 1);
  }
}

bool begins_with_svg(Bytes& bytes) {
  const std::optional<bool> found =
      look_at_start<bool>(bytes, [](const DocumentStart& start) -> std::optional<bool> {
        const Prolog kind = walk_prolog(start.text).kind;
        if (kind == Prolog::kCut) return std::nullopt;
        return kind == Prolog::kSvg;
      });
  return found.value_or(false);
}

namespace {

// Empty where the text ends before the start tag and what is looked at behind it.
std::optional<SvgRoot> parse_root(const DocumentStart& start) {
  const PrologEnd prolog = walk_prolog(start.text);
  if (prolog.kind != Prolog::kSvg) return std::nullopt;
  const std::size_t end = find_tag_end(start.text, prolog.name);
  if (end == kNone) return std::nullopt;
  if (!start.complete && start.text.size() - end <= kLookahead) return std::nullopt;
  std::string_view tag = start.text.substr(prolog.name, end - prolog.name);
  tag.remove_prefix(
      static_cast<std::size_t>(std::find_if(tag.begin(), tag.end(), is_name_end) - tag.begin()));
  return SvgRoot{parse_attributes(tag),
                 is_empty_element(tag, start.text.substr(end + 1, kLookahead))};
}

}  // namespace

SvgRoot read_svg_root(Bytes& bytes) {
  std::optional<SvgRoot> root = look_at_start<SvgRoot>(bytes, parse_root);
  if (!root) throw Malformed("svg: the start tag does not end");
  return std::move(*root);
}

}  // namespace imgpeek
