#include "front/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

namespace imgpeek {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// RFC 9112, 2.3: HTTP-version is case-sensitive and of this length.
constexpr std::string_view kAncient = "HTTP/1.0";
constexpr std::string_view kModern = "HTTP/1.1";

// µWebSockets holds 100 fields, some of its own among them, and drops the connection after that.
constexpr std::size_t kMostFields = 60;

constexpr std::string_view kClose = "Connection: close\r\n";
constexpr std::string_view kHost = "Host: localhost\r\n";

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// RFC 5234, B.1: CTL, and SP.
bool is_space_or_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f;
}

// RFC 9110, 5.6.2: tchar, by byte.
constexpr std::array<bool, 256> kTokenBytes = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return kTokenBytes[static_cast<unsigned char>(c)];
  });
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// The buffer, and edits of it. Offsets are from its start.
class Head {
 public:
  Head(std::span<char> buffer, std::size_t length) : buffer_(buffer), length_(length) {}

  std::size_t length() const { return length_; }
  std::string_view text() const { return {buffer_.data(), length_}; }
  char* at(std::size_t offset) { return buffer_.subspan(offset).data(); }

  void erase(std::size_t offset, std::size_t count) {
    std::memmove(at(offset), at(offset + count), length_ - offset - count);
    length_ -= count;
  }

  // False where there is no room.
  bool insert(std::size_t offset, std::string_view text) {
    if (text.size() > buffer_.size() - length_) return false;
    std::memmove(at(offset) + text.size(), at(offset), length_ - offset);
    std::memcpy(at(offset), text.data(), text.size());
    length_ += text.size();
    return true;
  }

 private:
  std::span<char> buffer_;
  std::size_t length_;
};

// RFC 9112, 3: method SP request-target SP HTTP-version CRLF.
struct RequestLine {
  std::size_t target;   // where it begins
  std::size_t version;  // where it begins
  std::size_t end;      // behind the line end
};

std::optional<RequestLine> find_request_line(std::string_view text) {
  const std::size_t end = text.find(kLineEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end <= method_end) return std::nullopt;
  if (!is_token(line.substr(0, method_end))) return std::nullopt;
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  if (target.empty() || std::any_of(target.begin(), target.end(), is_space_or_control)) {
    return std::nullopt;
  }
  const std::string_view version = line.substr(target_end + 1);
  if (version != kAncient && version != kModern) return std::nullopt;
  return RequestLine{method_end + 1, target_end + 1, end + kLineEnd.size()};
}

// Takes scheme and authority off the target. Returns by how many bytes the line is shorter.
std::size_t to_origin_form(Head& head, const RequestLine& line) {
  const std::string_view target = head.text().substr(line.target, line.version - 1 - line.target);
  std::size_t authority = 0;
  for (const std::string_view scheme :
       {std::string_view("http://"), std::string_view("https://")}) {
    if (starts_ignoring_case(target, scheme)) authority = scheme.size();
  }
  if (authority == 0) return 0;
  std::size_t path = std::min(target.find_first_of("/?", authority), target.size());
  // The last byte before a path that is empty makes room for its slash.
  if (path == target.size() || target[path] == '?') {
    --path;
    *head.at(line.target + path) = '/';
  }
  head.erase(line.target, path);
  return path;
}

// The name of the field at `offset`; empty where none begins there.
std::string_view name_at(std::string_view text, std::size_t offset) {
  const std::size_t colon = text.find_first_of(":\r", offset);
  if (colon == std::string_view::npos || text[colon] != ':') return {};
  return text.substr(offset, colon - offset);
}

// The value of a field's line whose name is `name_length` long, without the spaces around it.
std::string_view value_of(std::string_view line, std::size_t name_length) {
  std::string_view value = line.substr(std::min(line.size(), name_length + 1));
  const std::size_t first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  value.remove_prefix(first);
  return value.substr(0, value.find_last_not_of(" \t") + 1);
}

// What the fields say of the message.
struct Framing {
  std::size_t fields = 0;
  std::size_t hosts = 0;
  bool connection = false;
  bool chunked = false;
  std::optional<std::uint64_t> length;
};

// RFC 9110, 8.6: 1*DIGIT.
std::optional<std::uint64_t> to_length(std::string_view digits) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return length;
}

// Reads the fields in [fields, end). Nothing where they are not as RFC 9112 has them: a name that
// is no token (a space before the colon, a folded line), a value with control characters (a bare CR
// or LF), more than one length or host, a length beside chunks, any coding but chunks.
std::optional<Framing> read_framing(std::string_view text, std::size_t fields, std::size_t end) {
  Framing framing;
  std::size_t next = fields;
  for (std::size_t at = fields; at < end; at = next + kLineEnd.size()) {
    next = text.find(kLineEnd, at);
    const std::string_view line = text.substr(at, next - at);
    const std::string_view name = name_at(line, 0);
    const std::string_view value = value_of(line, name.size());
    if (!is_token(name)) return std::nullopt;
    if (std::any_of(value.begin(), value.end(),
                    [](char c) { return c != ' ' && c != '\t' && is_space_or_control(c); })) {
      return std::nullopt;
    }
    ++framing.fields;
    if (equal_ignoring_case(name, "host")) {
      if (++framing.hosts > 1) return std::nullopt;
    } else if (equal_ignoring_case(name, "connection")) {
      framing.connection = true;
    } else if (equal_ignoring_case(name, "content-length")) {
      if (framing.length) return std::nullopt;
      framing.length = to_length(value);
      if (!framing.length) return std::nullopt;
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
      if (framing.chunked || !equal_ignoring_case(value, "chunked")) return std::nullopt;
      framing.chunked = true;
    }
  }
  if (framing.chunked && framing.length) return std::nullopt;
  return framing;
}

// Drops fields that are not kept. `end` is where the empty line begins.
void drop_fields(Head& head, std::size_t fields, std::size_t end,
                 std::span<const std::string> kept) {
  std::size_t count = 0;
  for (std::size_t at = fields; at < end; ++count) {
    const std::string_view text = head.text();
    const std::size_t next = text.find(kLineEnd, at) + kLineEnd.size();
    const std::string_view name = name_at(text, at);
    const bool keep = std::any_of(kept.begin(), kept.end(), [name](const std::string& one) {
      return equal_ignoring_case(name, one);
    });
    if (keep || count < kMostFields / 2) {
      at = next;
    } else {
      head.erase(at, next - at);
      end -= next - at;
    }
  }
}

}  // namespace

MendedHead mend_request_head(std::span<char> buffer, std::size_t length,
                             std::span<const std::string> kept) noexcept {
  const MendedHead refused{length, false, 0, false};
  Head head(buffer, length);
  const std::optional<RequestLine> line = find_request_line(head.text());
  if (!line || length < line->end + kLineEnd.size()) return refused;
  // Where the empty line begins.
  std::size_t end = length - kLineEnd.size();
  const std::optional<Framing> framing = read_framing(head.text(), line->end, end);
  if (!framing) return refused;

  const bool ancient = head.text().substr(line->version, kAncient.size()) == kAncient;
  if (ancient) *head.at(line->version + kAncient.size() - 1) = '1';
  const std::size_t shorter = to_origin_form(head, *line);
  const std::size_t fields = line->end - shorter;
  end -= shorter;
  if (framing->fields > kMostFields) drop_fields(head, fields, end, kept);
  if (ancient && framing->hosts == 0) head.insert(fields, kHost);
  // µWebSockets heeds the first of several.
  if (framing->chunked || (ancient && !framing->connection)) head.insert(fields, kClose);
  return {head.length(), true, framing->length.value_or(0), framing->chunked};
}

}  // namespace imgpeek
