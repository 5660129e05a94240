#include "metadata/xmp_rdf.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "metadata/text.h"
#include "metadata/xml_scope.h"

namespace imgpeek {
namespace {

constexpr std::string_view kRdfPrefix = "rdf";
constexpr XmlName kRdf{kRdfPrefix, "RDF"};
constexpr XmlName kDescription{kRdfPrefix, "Description"};
constexpr XmlName kBag{kRdfPrefix, "Bag"};
constexpr XmlName kSeq{kRdfPrefix, "Seq"};
constexpr XmlName kAlt{kRdfPrefix, "Alt"};
constexpr XmlName kItem{kRdfPrefix, "li"};
constexpr XmlName kValue{kRdfPrefix, "value"};
constexpr XmlName kResource{kRdfPrefix, "resource"};
constexpr std::string_view kXmlPrefix = "xml";
constexpr XmlName kLanguage{kXmlPrefix, "lang"};
constexpr XmlName kParseType{kRdfPrefix, "parseType"};
constexpr XmlName kHasExtendedXmp{"xmpNote", "HasExtendedXMP"};

// ISO 16684-1, 8.2.2.4: the language of an Alt's default item.
constexpr std::string_view kDefaultLanguage = "x-default";

// How deep rdf:RDF may stand in the document, and values in values.
constexpr unsigned kMaxRdfDepth = 16;
constexpr unsigned kMaxValueDepth = 24;

// Bounds on the answer: values in all, namespaces, members of one object, bytes of one text. What
// goes over is left out: a depth map or a history of all documents that a picture was ever pasted
// into.
constexpr std::size_t kMaxValues = 20'000;
constexpr std::size_t kMaxNamespaces = 100;
constexpr std::size_t kMaxMembers = 2'000;
constexpr std::size_t kMaxText = 1 << 18;

bool is_text(const pugi::xml_node& node) {
  return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

bool is_element(const pugi::xml_node& node) { return node.type() == pugi::node_element; }

// Names that are RDF's and XML's own, or that only say where more XMP is, are no properties.
bool is_property(const XmlName& name) {
  return !name.prefix.empty() && !name.local.empty() && name.prefix != kRdfPrefix &&
         name.prefix != kXmlPrefix && name != kHasExtendedXmp;
}

// rdf:li, or rdf:_1, rdf:_2 and so on.
bool is_item(const XmlName& name) {
  return name == kItem || (name.prefix == kRdfPrefix && name.local.starts_with('_'));
}

void add_field(Object& object, const XmlName& name, Value value) {
  if (object.size() >= kMaxMembers) return;
  std::string key = to_utf8(name.local);
  // Fields of one structure are hardly ever of two namespaces, and then differ.
  if (object.find(key) != nullptr) key = to_utf8(name.prefix) + ':' + key;
  object.add(std::move(key), std::move(value));
}

class Reader {
 public:
  explicit Reader(Object& xmp) : xmp_(xmp) {}

  // Looks for rdf:RDF, which may stand in an x:xmpmeta or in anything else, or be left out.
  void find_rdf(const pugi::xml_node& parent, unsigned depth) {
    if (depth > kMaxRdfDepth) return;
    for (auto element = parent.first_child(); element; element = element.next_sibling()) {
      if (!is_element(element)) continue;
      const XmlScope::Guard guard(scope_, element);
      const XmlName name = scope_.name(element);
      if (name == kRdf) {
        read_nodes(element);
      } else if (name == kDescription) {
        read_node(element);
      } else {
        find_rdf(element, depth + 1);
      }
    }
  }

 private:
  // 7.4: what an rdf:RDF holds, each an rdf:Description or an element named by its type.
  void read_nodes(const pugi::xml_node& rdf) {
    for (auto node = rdf.first_child(); node; node = node.next_sibling()) {
      if (!is_element(node)) continue;
      const XmlScope::Guard guard(scope_, node);
      read_node(node);
    }
  }

  void read_node(const pugi::xml_node& node) {
    each_property(node, 0, [this](const XmlName& name, Value value) {
      if (is_property(name)) add_property(name, std::move(value));
    });
  }

  void add_property(const XmlName& name, Value value) {
    const std::string prefix = to_utf8(name.prefix);
    Value* group = xmp_.find(prefix);
    if (group == nullptr) {
      if (xmp_.size() >= kMaxNamespaces) return;
      xmp_.add(prefix, Object());
      group = xmp_.find(prefix);
    }
    auto& properties = std::get<Object>(*group);
    if (properties.size() < kMaxMembers) properties.add(to_utf8(name.local), std::move(value));
  }

  // Calls `add` with the name and value of each property of `node`, whether it is written as an
  // attribute or an element; rdf:value is among them.
  template <typename Add>
  void each_property(const pugi::xml_node& node, unsigned depth, const Add& add) {
    for (auto attribute = node.first_attribute(); attribute;
         attribute = attribute.next_attribute()) {
      if (XmlScope::is_declaration(attribute)) continue;
      const XmlName name = scope_.name(attribute);
      if (!is_property(name) && name != kValue) continue;
      if (auto value = text_value(attribute.value())) add(name, *std::move(value));
    }
    for (auto element = node.first_child(); element; element = element.next_sibling()) {
      if (!is_element(element)) continue;
      const XmlScope::Guard guard(scope_, element);
      const XmlName name = scope_.name(element);
      if (!is_property(name) && name != kValue) continue;
      if (auto value = element_value(element, depth)) add(name, *std::move(value));
    }
  }

  // The value of the attribute of that name; nullptr where there is none.
  const char* attribute(const pugi::xml_node& element, const XmlName& name) const {
    for (auto candidate = element.first_attribute(); candidate;
         candidate = candidate.next_attribute()) {
      if (scope_.name(candidate) == name) return candidate.value();
    }
    return nullptr;
  }

  bool has_property_attribute(const pugi::xml_node& element) const {
    for (auto attribute = element.first_attribute(); attribute;
         attribute = attribute.next_attribute()) {
      if (XmlScope::is_declaration(attribute)) continue;
      const XmlName name = scope_.name(attribute);
      if (is_property(name) || name == kValue) return true;
    }
    return false;
  }

  std::optional<Value> text_value(std::string_view text) {
    if (text.size() > kMaxText || ++values_ > kMaxValues) return std::nullopt;
    return to_utf8(text);
  }

  // 7.5 to 7.9: the value of a property's element, or of an array's item, whose declarations are
  // in the scope. Nothing where a bound is passed.
  std::optional<Value> element_value(const pugi::xml_node& element, unsigned depth) {
    if (depth > kMaxValueDepth || ++values_ > kMaxValues) return std::nullopt;
    const char* parse_type = attribute(element, kParseType);
    if (parse_type != nullptr && std::string_view(parse_type) == "Resource") {
      return structure(element, depth + 1);
    }
    const pugi::xml_node inner = element.find_child(is_element);
    if (!inner) return childless_value(element);
    const XmlScope::Guard guard(scope_, inner);
    const XmlName name = scope_.name(inner);
    if (name == kBag || name == kSeq) return array(inner, depth + 1);
    if (name == kAlt) return alternatives(inner, depth + 1);
    // A node of its own: rdf:Description, or an element that is named by its type.
    if (name == kDescription || inner.find_child(is_element) || has_property_attribute(inner)) {
      return structure(inner, depth + 1);
    }
    // Fields without the rdf:parseType that they take: not RDF, but what is meant is plain.
    return structure(element, depth + 1);
  }

  std::optional<Value> childless_value(const pugi::xml_node& element) {
    if (const char* resource = attribute(element, kResource)) return text_value(resource);
    std::string text;
    for (auto child = element.first_child(); child; child = child.next_sibling()) {
      if (is_text(child)) text += child.value();
    }
    // 7.9.2.2: a structure may have its fields as attributes of the property.
    if (text.empty() && has_property_attribute(element)) return structure(element, 0);
    return text_value(text);
  }

  // The fields of `node` as an object; or the value alone where it has qualifiers (7.8).
  Value structure(const pugi::xml_node& node, unsigned depth) {
    Object fields;
    std::optional<Value> qualified;
    each_property(node, depth, [&](const XmlName& name, Value value) {
      if (name == kValue) {
        qualified = std::move(value);
      } else {
        add_field(fields, name, std::move(value));
      }
    });
    if (qualified) return *std::move(qualified);
    return fields;
  }

  template <typename Add>
  void each_item(const pugi::xml_node& container, unsigned depth, const Add& add) {
    for (auto item = container.first_child(); item; item = item.next_sibling()) {
      if (!is_element(item)) continue;
      const XmlScope::Guard guard(scope_, item);
      if (!is_item(scope_.name(item))) continue;
      if (auto value = element_value(item, depth)) add(item, *std::move(value));
    }
  }

  Value array(const pugi::xml_node& container, unsigned depth) {
    Array items;
    each_item(container, depth, [&](const pugi::xml_node& /*item*/, Value value) {
      items.push_back(std::move(value));
    });
    return items;
  }

  // 7.7: by language where the items have one, else an array like any other.
  Value alternatives(const pugi::xml_node& container, unsigned depth) {
    Array items;
    Object by_language;
    bool has_language = false;
    each_item(container, depth, [&](const pugi::xml_node& item, const Value& value) {
      const char* language = attribute(item, kLanguage);
      has_language = has_language || language != nullptr;
      if (by_language.size() < kMaxMembers) {
        by_language.add(language == nullptr ? std::string(kDefaultLanguage) : to_utf8(language),
                        value);
      }
      items.push_back(value);
    });
    if (has_language) return by_language;
    return items;
  }

  Object& xmp_;
  XmlScope scope_;
  std::size_t values_ = 0;
};

}  // namespace

void read_rdf(const pugi::xml_document& document, Object& xmp) {
  Reader(xmp).find_rdf(document, 0);
}

}  // namespace imgpeek
