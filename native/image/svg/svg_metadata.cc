#include "image/svg/svg_metadata.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "image/svg/svg_document.h"

namespace imgpeek {
namespace {

// Where a packet must begin, and where it must end, to be found.
constexpr std::size_t kSearched = 256U << 10U;
constexpr std::size_t kMaxEnd = 4U << 20U;

constexpr std::size_t kNone = std::string_view::npos;

struct Packet {
  std::string_view element;   // from its `<` on, to behind its end tag
  std::string_view tag;       // its attributes
  std::size_t name_end = 0;   // in `element`
  std::string_view metadata;  // the attributes of the <metadata> element before it
};

struct Search {
  std::optional<Packet> packet;
  bool cut = false;  // the packet begins, but the text ends before it does
};

std::string_view local_name(std::string_view name) { return name.substr(name.find(':') + 1); }

std::string_view name_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && !is_xml_space(text[end]) && text[end] != '>' && text[end] != '/') {
    ++end;
  }
  return text.substr(at, end - at);
}

std::size_t skip_past(std::string_view text, std::string_view end, std::size_t from) {
  const std::size_t found = text.find(end, from);
  return found == kNone ? text.size() : found + end.size();
}

Search search(std::string_view text) {
  std::string_view metadata;
  std::size_t at = text.find('<');
  while (at < text.size() && at < kSearched) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!--")) {
      at = skip_past(text, "-->", at + 4);
    } else if (rest.starts_with("<![CDATA[")) {
      at = skip_past(text, "]]>", at + 9);
    } else {
      const std::string_view name = name_at(text, at + 1);
      const std::string_view local = local_name(name);
      const bool wanted = local == "xmpmeta" || local == "xapmeta" || local == "RDF";
      if (wanted || local == "metadata") {
        const std::size_t attributes = at + 1 + name.size();
        const std::size_t tag_end = find_tag_end(text, attributes);
        if (tag_end == kNone) return {std::nullopt, wanted};
        const std::string_view tag = text.substr(attributes, tag_end - attributes);
        if (!wanted) {
          metadata = tag;
        } else if (!tag.ends_with('/')) {
          const std::string end_tag = "</" + std::string(name) + ">";
          const std::size_t end = text.find(end_tag, tag_end);
          if (end == kNone) return {std::nullopt, true};
          return {
              Packet{text.substr(at, end + end_tag.size() - at), tag, 1 + name.size(), metadata},
              false};
        }
      }
      ++at;
    }
    at = text.find('<', at);
  }
  return {};
}

// Adds the namespaces in `attributes` that `declared` lacks, and writes them as attributes.
void inherit(const std::vector<std::pair<std::string_view, std::string_view>>& attributes,
             std::vector<std::string_view>& declared, std::string& out) {
  for (const auto& [name, value] : attributes) {
    if (!name.starts_with("xmlns:")) continue;
    // An entity of the document's own means nothing outside of it.
    if (value.find('&') != kNone) continue;
    if (std::find(declared.begin(), declared.end(), name) != declared.end()) continue;
    declared.push_back(name);
    const char quote = value.find('"') == kNone ? '"' : '\'';
    out.append(" ").append(name).append("=") += quote;
    out.append(value) += quote;
  }
}

ByteSpan with_namespaces(Bytes& bytes, const Packet& packet, const SvgRoot& root) {
  std::vector<std::string_view> declared;
  for (const auto& [name, value] : parse_attributes(packet.tag)) declared.push_back(name);
  std::string inherited;
  inherit(parse_attributes(packet.metadata), declared, inherited);
  inherit(root.attributes, declared, inherited);
  std::string element(packet.element);
  element.insert(packet.name_end, inherited);
  return bytes.keep({element.begin(), element.end()});
}

}  // namespace

ByteSpan find_svg_xmp(Bytes& bytes, const SvgRoot& root) {
  DocumentStart start = read_document_start(bytes, kSearched, false);
  Search found = search(start.text);
  if (!found.packet && !start.complete) {
    start = read_document_start(bytes, kSearched, true);
    found = search(start.text);
  }
  if (found.cut && !start.complete) {
    start = read_document_start(bytes, kMaxEnd, true);
    found = search(start.text);
  }
  if (!found.packet) return {};
  try {
    return with_namespaces(bytes, *found.packet, root);
  } catch (const Malformed&) {
    return {};  // a damaged packet is left out
  }
}

}  // namespace imgpeek
