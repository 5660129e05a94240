#include "metadata/xml_scope.h"

#include "metadata/xmp_namespaces.h"

namespace imgpeek {
namespace {

constexpr std::string_view kXmlns = "xmlns";

// XMP has about a hundred namespaces, declared once. Further declarations hold as if not made.
constexpr std::size_t kMaxDeclarations = 256;

// The prefix, empty if there is none, and the local part.
XmlName split(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {{}, name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

}  // namespace

bool XmlScope::is_declaration(const pugi::xml_attribute& attribute) {
  const XmlName name = split(attribute.name());
  return name.prefix == kXmlns || (name.prefix.empty() && name.local == kXmlns);
}

XmlScope::Guard::Guard(XmlScope& scope, const pugi::xml_node& element)
    : scope_(scope), outer_size_(scope.declarations_.size()) {
  for (auto attribute = element.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    if (!is_declaration(attribute)) continue;
    if (scope_.declarations_.size() == kMaxDeclarations) break;
    const XmlName name = split(attribute.name());
    const std::string_view prefix = name.prefix.empty() ? std::string_view() : name.local;
    const std::string_view usual = usual_prefix(attribute.value());
    scope_.declarations_.push_back({prefix, usual.empty() ? prefix : usual});
  }
}

XmlScope::Guard::~Guard() { scope_.declarations_.resize(outer_size_); }

std::string_view XmlScope::resolve(std::string_view prefix) const {
  for (std::size_t i = declarations_.size(); i-- > 0;) {
    if (declarations_[i].prefix == prefix) return declarations_[i].usual;
  }
  return prefix;
}

XmlName XmlScope::name(const pugi::xml_node& element) const {
  const XmlName written = split(element.name());
  return {resolve(written.prefix), written.local};
}

XmlName XmlScope::name(const pugi::xml_attribute& attribute) const {
  const XmlName written = split(attribute.name());
  if (written.prefix.empty()) return written;
  return {resolve(written.prefix), written.local};
}

}  // namespace imgpeek
