// Names of XML elements and attributes with their namespaces resolved (Namespaces in XML 1.0).
#pragma once

#include <cstddef>
#include <pugixml.hpp>
#include <string_view>
#include <vector>

namespace imgpeek {

// A name by its namespace's usual prefix, or by the file's own where the namespace is not known or
// not declared. Lives as long as the document.
struct XmlName {
  std::string_view prefix;
  std::string_view local;

  bool operator==(const XmlName&) const = default;
};

// The declarations that hold for an element. Made for it on the way down, gone on the way up: an
// inner scope must not outlive the outer one.
class XmlScope {
 public:
  XmlScope() = default;

  // Adds the declarations on `element` until the guard goes.
  class Guard {
   public:
    Guard(XmlScope& scope, const pugi::xml_node& element);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    XmlScope& scope_;
    std::size_t outer_size_;
  };

  XmlName name(const pugi::xml_node& element) const;
  // An attribute without a prefix is in no namespace.
  XmlName name(const pugi::xml_attribute& attribute) const;

  // True for xmlns and xmlns:…, which declare and are no attributes in RDF's sense.
  static bool is_declaration(const pugi::xml_attribute& attribute);

 private:
  struct Declaration {
    std::string_view prefix;
    std::string_view usual;
  };

  std::string_view resolve(std::string_view prefix) const;

  std::vector<Declaration> declarations_;
};

}  // namespace imgpeek
