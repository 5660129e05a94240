#include "metadata/text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace imgpeek {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kByteOrderMark = 0xFEFF;
constexpr char32_t kSwappedByteOrderMark = 0xFFFE;

// What Windows-1252 holds where Latin-1 has its C1 controls; the five that it leaves unassigned
// (81, 8D, 8F, 90, 9D) stay those controls.
constexpr std::array<char16_t, 32> kWindows1252C1 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

std::uint8_t byte_at(std::string_view text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}

// The length of the ASCII run that `text` has from `start` on.
std::size_t ascii_run(std::string_view text, std::size_t start) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t end = start;
  std::uint64_t eight = 0;
  while (text.size() - end >= sizeof eight) {
    std::memcpy(&eight, text.data() + end, sizeof eight);
    if ((eight & kHighBits) != 0) break;
    end += sizeof eight;
  }
  while (end < text.size() && byte_at(text, end) < 0x80) ++end;
  return end - start;
}

// The length of the well-formed sequence of two or more bytes at `start`, or 0 (Unicode 15, table
// 3-7: no overlong forms, no surrogates, nothing over U+10FFFF).
std::size_t sequence_length(std::string_view text, std::size_t start) {
  const std::uint8_t lead = byte_at(text, start);
  const std::size_t length = lead < 0xC2   ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || text.size() - start < length) return 0;
  const std::uint8_t second = byte_at(text, start + 1);
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < low || second > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte_at(text, start + i) & 0xC0U) != 0x80) return 0;
  }
  return length;
}

// Control bytes but tab, line feed and carriage return.
constexpr auto kCut = [] {
  std::array<bool, 256> table{};
  for (std::size_t control = 0; control < 0x20; ++control) table.at(control) = true;
  table.at('\t') = table.at('\n') = table.at('\r') = false;
  table.at(0x7F) = true;
  return table;
}();

}  // namespace

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  for (;;) {
    at += ascii_run(text, at);
    if (at == text.size()) return true;
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return false;
    at += length;
  }
}

std::string trimmed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (;;) {
    const auto* const cut =
        std::ranges::find_if(text, [](char c) { return kCut[static_cast<std::uint8_t>(c)]; });
    const auto run = static_cast<std::size_t>(cut - text.begin());
    out.append(text, 0, run);
    if (run == text.size()) break;
    text.remove_prefix(run + 1);
  }
  out.resize(out.find_last_not_of(' ') + 1);
  return out;
}

std::string to_utf8(std::string_view text) {
  return is_utf8(text) ? trimmed(text) : windows_1252_to_utf8(text);
}

std::string windows_1252_to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    append_utf8(out, byte >= 0x80 && byte < 0xA0 ? kWindows1252C1.at(byte - 0x80U) : byte);
  }
  return trimmed(out);
}

void append_utf8(std::string& out, char32_t code) {
  const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | (code >> 6U));
    byte(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0U | (code >> 12U));
    byte(0x80U | ((code >> 6U) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  } else {
    byte(0xF0U | (code >> 18U));
    byte(0x80U | ((code >> 12U) & 0x3FU));
    byte(0x80U | ((code >> 6U) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  }
}

std::string decode_utf16(ByteSpan text, bool big_endian) {
  const auto unit = [text, big_endian](std::size_t at) -> char32_t {
    return big_endian ? be16(text, at) : le16(text, at);
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
    char32_t code = unit(at);
    if (code >= 0xD800 && code < 0xE000) {  // a surrogate: the first of two, or else stray
      const char32_t next = code < 0xDC00 && at + 4 <= text.size() ? unit(at + 2) : 0;
      if (next >= 0xDC00 && next < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (next - 0xDC00);
        at += 2;
      } else {
        code = kReplacement;
      }
    }
    append_utf8(out, code);
  }
  return out;
}

std::string utf16_to_utf8(ByteSpan text, bool big_endian) {
  if (text.size() >= 2) {
    const char32_t first = big_endian ? be16(text, 0) : le16(text, 0);
    if (first == kSwappedByteOrderMark) big_endian = !big_endian;
    if (first == kByteOrderMark || first == kSwappedByteOrderMark) text = text.subspan(2);
  }
  return trimmed(decode_utf16(text, big_endian));
}

}  // namespace imgpeek
