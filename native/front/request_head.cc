#include "front/request_head.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

namespace imgpeek {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

// RFC 9112, 2.3: HTTP-version is case-sensitive and of this length.
constexpr std::string_view kAncient = "HTTP/1.0";
constexpr std::string_view kModern = "HTTP/1.1";

// µWebSockets holds 100 fields, some of its own among them, and drops the connection after that.
constexpr std::size_t kMostFields = 60;

constexpr std::string_view kClose = "Connection: close\r\n";
constexpr std::string_view kHost = "Host: localhost\r\n";

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

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
  if (text.empty() || text[0] < 'A' || text[0] > 'Z') return std::nullopt;
  const std::size_t end = text.find(kLineEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end <= method_end) return std::nullopt;
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

// How many fields in [fields, end) have a name that `matches`.
template <typename Predicate>
std::size_t count_fields(std::string_view text, std::size_t fields, std::size_t end,
                         Predicate matches) {
  std::size_t count = 0;
  for (std::size_t at = fields; at < end; at = text.find(kLineEnd, at) + kLineEnd.size()) {
    if (matches(name_at(text, at))) ++count;
  }
  return count;
}

bool has_field(std::string_view text, std::size_t fields, std::size_t end,
               std::string_view wanted) {
  return count_fields(text, fields, end, [wanted](std::string_view name) {
           return equal_ignoring_case(name, wanted);
         }) != 0;
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
  Head head(buffer, length);
  const std::optional<RequestLine> line = find_request_line(head.text());
  if (!line) return {length, false};
  const bool ancient = head.text().substr(line->version, kAncient.size()) == kAncient;
  if (ancient) *head.at(line->version + kAncient.size() - 1) = '1';
  const std::size_t fields = line->end - to_origin_form(head, *line);

  // Where the empty line begins; the last field's line end is the first half of kHeadEnd.
  const std::size_t last = head.text().find(kHeadEnd, fields - kLineEnd.size());
  const bool whole = last != std::string_view::npos;
  const std::size_t end = whole ? last + kLineEnd.size() : fields;
  // RFC 9112, 6: either field says that a body follows.
  const bool head_follows = whole && end + kLineEnd.size() == head.length() &&
                            !has_field(head.text(), fields, end, "content-length") &&
                            !has_field(head.text(), fields, end, "transfer-encoding");
  const bool has_host = !ancient || !whole || has_field(head.text(), fields, end, "host");
  const bool has_connection = !ancient || has_field(head.text(), fields, end, "connection");
  const auto any = [](std::string_view /*name*/) { return true; };
  if (whole && count_fields(head.text(), fields, end, any) > kMostFields) {
    drop_fields(head, fields, end, kept);
  }
  if (!has_host) head.insert(fields, kHost);
  if (!has_connection) head.insert(fields, kClose);
  return {head.length(), head_follows};
}

}  // namespace imgpeek
