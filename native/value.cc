#include "value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace imgpeek {
namespace {

// Members that are searched one after the other. More are kept in order beside: a stranger's file
// may have thousands, and hashes could be made to collide.
constexpr std::size_t kFew = 64;

// RFC 8259, section 7: the control characters, the quotation mark and the reverse solidus.
constexpr auto kMustBeEscaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t control = 0; control < 0x20; ++control) table.at(control) = true;
  table.at('"') = table.at('\\') = true;
  return table;
}();

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  if (static_cast<unsigned char>(c) >= 0x20) {
    out += '\\';
    out += c;
  } else {
    out += "\\u00";
    out += kHex[static_cast<unsigned char>(c) >> 4U];
    out += kHex[static_cast<unsigned char>(c) & 0xFU];
  }
}

// Runs of what needs no escape are copied whole: most texts are one.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (;;) {
    const auto* const escaped = std::ranges::find_if(
        text, [](char c) { return kMustBeEscaped[static_cast<unsigned char>(c)]; });
    const auto run = static_cast<std::size_t>(escaped - text.begin());
    out.append(text.data(), run);
    if (run == text.size()) break;
    append_escaped(out, *escaped);
    text.remove_prefix(run + 1);
  }
  out += '"';
}

template <typename Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), end);
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) { append_quoted(out, text); }

bool Object::add(std::string key, Value value) {
  if (find(key) != nullptr) return false;
  append(std::move(key), std::move(value));
  return true;
}

void Object::append(std::string key, Value value) {
  members_.emplace_back(std::move(key), std::move(value));
  if (members_.size() <= kFew) return;
  // Those that were few are put in order with the first that is one too many.
  for (std::size_t i = order_.size(); i < members_.size(); ++i) {
    order_.insert(place_of(members_[i].first), static_cast<std::uint32_t>(i));
  }
}

std::vector<std::uint32_t>::const_iterator Object::place_of(std::string_view key) const {
  return std::ranges::lower_bound(
      order_, key, {}, [this](std::uint32_t i) -> std::string_view { return members_[i].first; });
}

Value* Object::find(std::string_view key) {
  if (members_.size() > kFew) {
    const auto place = place_of(key);
    if (place == order_.end() || members_[*place].first != key) return nullptr;
    return &members_[*place].second;
  }
  for (auto& member : members_) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

void append_json(std::string& out, const Object& object) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : object.members()) {
    if (!first) out += ',';
    first = false;
    append_quoted(out, key);
    out += ':';
    append_json(out, value);
  }
  out += '}';
}

void append_json(std::string& out, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    append_quoted(out, *text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    append_number(out, *integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    if (std::isfinite(*number)) {
      append_number(out, *number);
    } else {
      out += "null";
    }
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* object = std::get_if<Object>(&value)) {
    append_json(out, *object);
  } else {
    out += '[';
    bool first = true;
    for (const Value& item : std::get<Array>(value)) {
      if (!first) out += ',';
      first = false;
      append_json(out, item);
    }
    out += ']';
  }
}

}  // namespace imgpeek
