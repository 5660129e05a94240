#include "image/pdf/pdf_syntax.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "bytes.h"

namespace imgpeek {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::string_view kDelimiters = "()<>[]{}/%";
constexpr std::size_t kNone = std::string_view::npos;
// Told apart from kNone by skip_object(); thrown only where little is to be unwound.
constexpr std::size_t kTooDeep = kNone - 1;

// ISO 32000-1, 7.2.2, table 1.
bool is_space(char c) {
  return c == '\0' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

bool is_regular(char c) { return !is_space(c) && kDelimiters.find(c) == kNone; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Offsets are into `text`; npos where it ends too early.
std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (is_space(text[at])) {
      ++at;
    } else if (text[at] == '%') {
      at = text.find_first_of("\r\n", at);
      if (at == kNone) return text.size();
    } else {
      return at;
    }
  }
  return at;
}

std::size_t skip_regular(std::string_view text, std::size_t at) {
  while (at < text.size() && is_regular(text[at])) ++at;
  return at;
}

// 7.3.4.2: parentheses nest, a backslash takes the next character's meaning away.
std::size_t skip_string(std::string_view text, std::size_t at) {
  int open = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '(')
      ++open;
    else if (text[at] == ')' && --open == 0)
      return at + 1;
  }
  return kNone;
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Behind the number at `at`, or behind the reference that it begins (7.3.10: `12 0 R`).
std::size_t skip_number(std::string_view text, std::size_t at) {
  const std::size_t end = skip_regular(text, at);
  if (skip_digits(text, at) != end) return end;
  const std::size_t second = skip_space(text, end);
  const std::size_t second_end = skip_digits(text, second);
  if (second_end == second && second < text.size()) return end;
  const std::size_t keyword = skip_space(text, second_end);
  // Where the text ends here there may be a reference: only more text tells.
  if (keyword >= text.size()) return kNone;
  if (text[keyword] != 'R' || keyword == second_end) return end;
  if (keyword + 1 >= text.size()) return kNone;
  return is_regular(text[keyword + 1]) ? end : keyword + 1;
}

// Behind the object at `at`, where no white space stands; kTooDeep where it nests too deep.
std::size_t skip_object(std::string_view text, std::size_t at, int depth) {
  if (depth > kMaxDepth) return kTooDeep;
  const std::string_view rest = text.substr(at);
  if (rest.empty() || rest == "<") return kNone;
  const bool dictionary = rest.starts_with("<<");
  if (dictionary || rest[0] == '[') {
    const std::string_view end = dictionary ? ">>" : "]";
    at += dictionary ? 2 : 1;
    for (;;) {
      at = skip_space(text, at);
      if (text.substr(at).starts_with(end)) return at + end.size();
      at = skip_object(text, at, depth + 1);
      if (at >= kTooDeep) return at;
    }
  }
  if (rest[0] == '(') return skip_string(text, at);
  if (rest[0] == '<') {
    const std::size_t end = text.find('>', at);
    return end == kNone ? kNone : end + 1;
  }
  std::size_t end = at;
  if (rest[0] == '/') {
    end = skip_regular(text, at + 1);
  } else if (is_digit(rest[0])) {
    end = skip_number(text, at);
  } else {
    // A signed number, a keyword, or a delimiter that has no place here.
    end = std::max(skip_regular(text, at), at + 1);
  }
  return end >= text.size() ? kNone : end;
}

// Table 3, and octal codes; an end of line behind a backslash is dropped with it. Moves `at` to the
// last character of the escape.
void append_escape(std::string_view text, std::size_t& at, std::string& out) {
  constexpr std::string_view kLetters = "nrtbf";
  constexpr std::string_view kMeanings = "\n\r\t\b\f";
  const char c = text[at];
  if (c >= '0' && c <= '7') {
    unsigned code = 0;
    const std::size_t end = std::min(at + 3, text.size());
    while (at < end && text[at] >= '0' && text[at] <= '7') {
      code = code * 8 + static_cast<unsigned>(text[at++] - '0');
    }
    --at;
    out += static_cast<char>(code);
  } else if (c == '\r' || c == '\n') {
    if (c == '\r' && text.substr(at).starts_with("\r\n")) ++at;
  } else {
    const std::size_t letter = kLetters.find(c);
    out += letter == kNone ? c : kMeanings[letter];
  }
}

std::string decode_hexadecimal(std::string_view digits) {
  std::string out;
  bool high = true;
  unsigned code = 0;
  for (const char c : digits) {
    unsigned digit = 0;
    if (std::from_chars(&c, &c + 1, digit, 16).ec != std::errc()) continue;
    code = code * 16 + digit;
    if (!high) out += static_cast<char>(code);
    if (!high) code = 0;
    high = !high;
  }
  // 7.3.4.3: a missing last digit is 0.
  if (!high) out += static_cast<char>(code * 16);
  return out;
}

// 7.3.5: `#` and two hexadecimal digits stand for a character.
std::string decode_name(std::string_view name) {
  std::string decoded;
  for (std::size_t at = 0; at < name.size(); ++at) {
    unsigned code = 0;
    if (name[at] == '#' && at + 2 < name.size() &&
        std::from_chars(name.data() + at + 1, name.data() + at + 3, code, 16).ptr ==
            name.data() + at + 3) {
      decoded += static_cast<char>(code);
      at += 2;
    } else {
      decoded += name[at];
    }
  }
  return decoded;
}

}  // namespace

void skip_pdf_space(std::string_view& text) { text.remove_prefix(skip_space(text, 0)); }

std::optional<std::uint64_t> take_pdf_digits(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take_pdf_keyword(std::string_view& text, std::string_view keyword) {
  if (!text.starts_with(keyword)) return false;
  text.remove_prefix(keyword.size());
  return true;
}

std::optional<std::string_view> take_pdf_object(std::string_view& text) {
  const std::size_t begin = skip_space(text, 0);
  const std::size_t end = skip_object(text, begin, 0);
  if (end == kTooDeep) throw Malformed("pdf: objects nest too deep");
  if (end == kNone) return std::nullopt;
  const std::string_view object = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return object;
}

bool is_pdf_dictionary(std::string_view object) { return object.starts_with("<<"); }

std::optional<std::string_view> find_pdf_entry(std::string_view dictionary, std::string_view key) {
  if (!is_pdf_dictionary(dictionary)) return std::nullopt;
  dictionary.remove_prefix(2);
  for (;;) {
    const auto name = take_pdf_object(dictionary);
    if (!name || name->starts_with('>')) return std::nullopt;
    if (!name->starts_with('/')) continue;  // damage: look for the next key
    const auto value = take_pdf_object(dictionary);
    if (!value || value->starts_with('>')) return std::nullopt;
    if (is_pdf_name(*name, key)) return value;
  }
}

std::vector<std::string_view> pdf_elements(std::string_view array, std::size_t limit) {
  std::vector<std::string_view> elements;
  if (!array.starts_with('[')) return elements;
  array.remove_prefix(1);
  while (elements.size() < limit) {
    const auto element = take_pdf_object(array);
    if (!element || *element == "]") break;
    elements.push_back(*element);
  }
  return elements;
}

bool is_pdf_name(std::string_view object, std::string_view name) {
  if (!object.starts_with('/')) return false;
  object.remove_prefix(1);
  return object == name || (object.find('#') != kNone && decode_name(object) == name);
}

// 7.3.4.2 and 7.3.4.3.
std::string decode_pdf_string(std::string_view object) {
  if (object.size() < 2) return {};
  const std::string_view inside = object.substr(1, object.size() - 2);
  if (object[0] == '<' && object[1] != '<') return decode_hexadecimal(inside);
  if (object[0] != '(') return {};
  std::string out;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    if (inside[at] == '\\' && at + 1 < inside.size()) {
      append_escape(inside, ++at, out);
    } else if (inside[at] == '\r') {
      out += '\n';
      if (inside.substr(at).starts_with("\r\n")) ++at;
    } else {
      out += inside[at];
    }
  }
  return out;
}

std::optional<double> to_pdf_number(std::string_view object) {
  if (object.starts_with('+')) object.remove_prefix(1);
  double value = 0;
  const char* const end = object.data() + object.size();
  const auto result = std::from_chars(object.data(), end, value, std::chars_format::fixed);
  if (result.ec != std::errc() || result.ptr != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> to_pdf_count(std::string_view object) {
  const auto value = take_pdf_digits(object);
  return value && object.empty() ? value : std::nullopt;
}

std::optional<PdfReference> to_pdf_reference(std::string_view object) {
  const auto number = take_pdf_digits(object);
  skip_pdf_space(object);
  const auto generation = take_pdf_digits(object);
  skip_pdf_space(object);
  if (!number || !generation || object != "R") return std::nullopt;
  if (*number > UINT32_MAX || *generation > UINT16_MAX) return std::nullopt;
  return PdfReference{static_cast<std::uint32_t>(*number), static_cast<std::uint32_t>(*generation)};
}

}  // namespace imgpeek
