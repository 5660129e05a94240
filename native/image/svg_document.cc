#include "image/svg_document.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "image/inflate.h"

namespace imgpeek {
namespace {

// RFC 1952, 2.3.1: the magic and the one method of compression.
constexpr std::string_view kGzipMagic = "\x1F\x8B\x08";

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16BigMark = "\xFE\xFF";
constexpr std::string_view kUtf16LittleMark = "\xFF\xFE";
// XML 1.0, appendix F.1: "<?" without a mark.
constexpr std::string_view kUtf16BigStart{"\0<\0?", 4};
constexpr std::string_view kUtf16LittleStart{"<\0?\0", 4};

constexpr std::size_t kMinStart = 4;
constexpr std::size_t kMaxDeclaration = 200;
constexpr char32_t kReplacement = 0xFFFD;

void append_utf8(std::vector<std::uint8_t>& out, char32_t code) {
  const auto byte = [&out](char32_t value) { out.push_back(static_cast<std::uint8_t>(value)); };
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

std::vector<std::uint8_t> from_utf16(ByteSpan data, bool big_endian) {
  std::vector<std::uint8_t> out;
  out.reserve(data.size());
  const auto unit = [&](std::size_t at) -> char32_t {
    return big_endian ? be16(data, at) : le16(data, at);
  };
  for (std::size_t at = 0; at + 2 <= data.size(); at += 2) {
    char32_t code = unit(at);
    const bool high = code >= 0xD800 && code < 0xDC00;
    const char32_t low = high && at + 4 <= data.size() ? unit(at + 2) : 0;
    if (low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
      at += 2;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = kReplacement;
    }
    append_utf8(out, code);
  }
  return out;
}

std::vector<std::uint8_t> from_latin1(ByteSpan data) {
  std::vector<std::uint8_t> out;
  out.reserve(data.size() + data.size() / 8);
  for (const std::uint8_t byte : data) append_utf8(out, byte);
  return out;
}

// The encodings of one byte that a declaration may name; what they put above 0xFF is not needed.
bool declares_latin1(std::string_view text) {
  if (!text.starts_with("<?xml")) return false;
  std::string declaration(text.substr(0, std::min(text.find("?>"), kMaxDeclaration)));
  std::transform(declaration.begin(), declaration.end(), declaration.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return declaration.find("iso-8859-1") != std::string::npos ||
         declaration.find("windows-1252") != std::string::npos;
}

std::string_view decode(Bytes& bytes, ByteSpan data) {
  const std::string_view text = as_text(data);
  if (text.starts_with(kUtf8Mark)) return text.substr(kUtf8Mark.size());
  if (text.starts_with(kUtf16BigMark))
    return as_text(bytes.keep(from_utf16(data.subspan(2), true)));
  if (text.starts_with(kUtf16LittleMark)) {
    return as_text(bytes.keep(from_utf16(data.subspan(2), false)));
  }
  if (text.starts_with(kUtf16BigStart)) return as_text(bytes.keep(from_utf16(data, true)));
  if (text.starts_with(kUtf16LittleStart)) return as_text(bytes.keep(from_utf16(data, false)));
  const auto is_ascii = [](std::uint8_t byte) { return byte < 0x80; };
  if (declares_latin1(text) && !std::all_of(data.begin(), data.end(), is_ascii)) {
    return as_text(bytes.keep(from_latin1(data)));
  }
  return text;
}

}  // namespace

DocumentStart read_document_start(Bytes& bytes, std::size_t window, bool fetch) {
  const ByteSpan stored = fetch ? bytes.read_up_to(0, window) : bytes.held(0, window);
  const bool whole =
      bytes.size() ? stored.size() >= *bytes.size() : fetch && stored.size() < window;
  const bool last = whole || (bytes.last_round() && stored.size() < window);
  // Fewer bytes do not show how the text is stored.
  if (stored.size() < kMinStart && !last) return {};
  if (!as_text(stored).starts_with(kGzipMagic)) return {decode(bytes, stored), last};
  Inflated inflated = inflate_prefix(stored, DeflateWrapper::kGzip, window);
  const bool complete = inflated.data.size() < window && (last || !inflated.starved);
  return {decode(bytes, bytes.keep(std::move(inflated.data))), complete};
}

}  // namespace imgpeek
