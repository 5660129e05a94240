// A JSON-shaped value: what metadata readers give. Objects keep the order of insertion.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace imgpeek {

class Value;
using Array = std::vector<Value>;

// An object; a key is set once, later insertions of it are refused by add().
class Object {
 public:
  // Adds `key` unless it is there already. Returns whether it was added.
  bool add(std::string key, Value value);
  // Adds `key`, which must not be there already: for whoever knows that it is not.
  void append(std::string key, Value value);
  // The value of `key`, or nullptr. Valid until the object changes.
  Value* find(std::string_view key);
  bool empty() const;
  std::size_t size() const;
  const std::vector<std::pair<std::string, Value>>& members() const { return members_; }

 private:
  // Where in order_ the key is, or would be.
  std::vector<std::uint32_t>::const_iterator place_of(std::string_view key) const;

  std::vector<std::pair<std::string, Value>> members_;
  std::vector<std::uint32_t> order_;  // of members_ by their keys; empty where they are few
};

// Strings must be valid UTF-8 (metadata/text.h makes them so) before they are put here.
class Value : public std::variant<std::string, std::int64_t, double, bool, Array, Object> {
 public:
  using variant::variant;
};

inline bool Object::empty() const { return members_.empty(); }
inline std::size_t Object::size() const { return members_.size(); }

// Appends `value` as JSON text. Doubles that are whole are written without a fraction; those that
// JSON cannot hold (NaN, infinities) as null.
void append_json(std::string& out, const Value& value);
void append_json(std::string& out, const Object& object);
// The same for a text alone.
void append_json_text(std::string& out, std::string_view text);

// `value` as JSON text.
template <typename T>
std::string to_json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}

}  // namespace imgpeek
