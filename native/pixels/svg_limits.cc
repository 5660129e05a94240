#include "pixels/svg_limits.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "formats.h"
#include "image/image.h"
#include "pixels/svg_markup.h"
#include "pixels/undecodable.h"

namespace imgpeek {
namespace {

// What of an image in a URL is looked at: the dimensions of a photograph may stand behind its
// metadata.
constexpr std::size_t kHead = std::size_t{1} << 20U;

constexpr std::size_t kLongestType = 256;
// Some zeros may stand before a reference's digits; with more it is refused.
constexpr std::size_t kLongestReference = 32;

constexpr std::array<std::string_view, 6> kFonts = {
    "wOFF", "wOF2", "OTTO", "true", "ttcf", std::string_view("\0\1\0\0", 4)};
// Encodings in which a byte below 0x80 is what it is in ASCII (XML 1.0, 4.3.3).
constexpr std::array<std::string_view, 4> kEncodings = {"utf-8", "utf8", "us-ascii", "ascii"};
constexpr std::array<std::string_view, 2> kEncodingFamilies = {"iso-8859-", "windows-125"};

[[noreturn]] void refuse(const char* what) { throw Undecodable(std::string("svg: ") + what); }

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return made;
}

// The text between the quotes that follow `at`; empty where there are none.
std::string_view quoted(std::string_view text, std::size_t at) {
  const std::size_t open = text.find_first_of("\"'", at);
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find(text[open], open + 1);
  return close == std::string_view::npos ? std::string_view()
                                         : text.substr(open + 1, close - open - 1);
}

void check_encoding(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) refuse("an encoding that is not read");
  const std::string_view declaration = text.substr(0, text.find("?>"));
  if (!text.starts_with("<?xml") && !text.starts_with("\xEF\xBB\xBF<?xml")) return;
  const std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return;
  const std::string encoding = lower(quoted(declaration, at));
  const auto begins = [&encoding](std::string_view family) { return encoding.starts_with(family); };
  if (std::ranges::find(kEncodings, encoding) == kEncodings.end() &&
      std::ranges::none_of(kEncodingFamilies, begins)) {
    refuse("an encoding that is not read");
  }
}

// Namespaces are often entities. Those that begin so cannot be put together to another URL.
void check_entities(std::string_view text) {
  constexpr std::string_view kEntity = "<!ENTITY";
  for (std::size_t at = text.find(kEntity); at != std::string_view::npos;
       at = text.find(kEntity, at + 1)) {
    const std::string_view value = quoted(text, at);
    if (!value.starts_with("http") || value.find_first_of("&%<") != std::string_view::npos) {
      refuse("an entity");
    }
  }
}

unsigned to_digit(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return static_cast<unsigned>(std::isdigit(byte) != 0 ? c - '0' : std::tolower(byte) - 'a' + 10);
}

// A character by its number, where it is of ASCII and no tag's.
char to_ascii(unsigned value) {
  return value < 0x80 && value != '<' ? static_cast<char>(value) : '?';
}

// The text with its numeric references resolved (XML 1.0, 4.1), as far as they are of ASCII.
std::string resolve_references(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_reference = text.substr(at, 2) == "&#";
    const std::size_t length =
        is_reference ? text.substr(at, kLongestReference).find(';') : std::string_view::npos;
    const std::size_t end = length == std::string_view::npos ? length : at + length;
    if (end == std::string_view::npos) {
      if (is_reference) refuse("a reference");
      made.push_back(text[at]);
      continue;
    }
    const bool hex = text.substr(at + 2, 1) == "x";
    unsigned value = 0;
    for (const char c : text.substr(at + (hex ? 3 : 2), end - at - (hex ? 3 : 2))) {
      value = std::min(value * (hex ? 16U : 10U) + to_digit(c), 0xFFFFU);
    }
    made.push_back(to_ascii(value));
    at = end;
  }
  return made;
}

// The text with its escapes of CSS resolved (CSS Syntax Level 3, 4.3.7), as far as they are of
// ASCII.
std::string resolve_escapes(std::string_view text) {
  constexpr std::size_t kMostDigits = 6;
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      made.push_back(text[at]);
      continue;
    }
    unsigned value = 0;
    std::size_t digits = 0;
    while (digits < kMostDigits && at + 1 < text.size() &&
           std::isxdigit(static_cast<unsigned char>(text[at + 1])) != 0) {
      value = value * 16 + to_digit(text[++at]);
      ++digits;
    }
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    if (digits > 0) made.push_back(to_ascii(value));
    // A space ends the digits; an end of line is left out; another sign is itself.
    if (digits == 0 || std::isspace(static_cast<unsigned char>(next)) != 0) ++at;
    if (digits == 0) made.push_back(next);
  }
  return made;
}

// What a parser of URLs passes over.
void leave_out_breaks(std::string& text) {
  std::erase_if(text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
}

// Whether a URL may begin there: not within a word, which would be another scheme (RFC 3986, 3.1).
bool may_begin_at(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const auto before = static_cast<unsigned char>(text[at - 1]);
  return std::isalnum(before) == 0 && before != '-' && before != '_';
}

// The beginning of what Base64 stands for (RFC 4648, section 4), spaces left out; it ends at the
// first character that is none of its.
std::vector<std::uint8_t> decode_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> data;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) continue;
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos || data.size() >= kHead) break;
    held = (held << 6U | static_cast<unsigned>(digit)) & 0xFFFFU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      data.push_back(static_cast<std::uint8_t>(held >> bits & 0xFFU));
    }
  }
  return data;
}

// The pixels of what a URL holds; 0 for a font, which librsvg does not load.
std::uint64_t count_pixels(ByteSpan data) {
  const auto begins = [&](std::string_view magic) { return as_text(data).starts_with(magic); };
  if (std::ranges::any_of(kFonts, begins)) return 0;
  Bytes bytes({{.offset = 0, .data = data}}, data.size(), true);
  try {
    const Format* format = sniff_image(bytes);
    if (format == nullptr || format->name == "svg") refuse("a URL of what is not read");
    Image image;
    format->read(bytes, {.exif = false, .iptc = false, .xmp = false, .video_meta = false}, image);
    constexpr std::uint64_t kMost = std::uint64_t{1} << 31U;
    return std::min(image.width, kMost) * std::min(image.height, kMost);
  } catch (const Malformed&) {
    refuse("an image that is not read");
  } catch (const Missing&) {
    refuse("an image that is not read");
  }
}

// Throws Undecodable where the pixels of what the text has in URLs cannot be counted, or are more.
void check_urls(std::string text, std::uint64_t max_resolution) {
  leave_out_breaks(text);
  const std::string small = lower(text);
  constexpr std::string_view kScheme = "data:";
  std::uint64_t pixels = 0;
  for (std::size_t at = small.find(kScheme); at != std::string::npos;
       at = small.find(kScheme, at + 1)) {
    if (!may_begin_at(small, at)) continue;
    // RFC 2397. Nothing of the kind has a longer type.
    const std::string_view type = std::string_view(small).substr(at, kLongestType);
    const std::size_t comma = type.find(',');
    if (comma == std::string_view::npos || !type.substr(0, comma).ends_with(";base64")) {
      refuse("a URL of what is not read");
    }
    pixels += count_pixels(decode_base64(std::string_view(text).substr(at + comma + 1)));
    if (pixels > max_resolution) refuse("images over the resolution");
  }
}

}  // namespace

void check_svg_images(ByteSpan file, std::uint64_t max_resolution) {
  const std::string_view raw = as_text(file);
  check_encoding(raw);
  check_entities(raw);
  const std::string text = resolve_references(markup_of(raw));
  check_urls(text, max_resolution);
  if (text.find('\\') != std::string::npos) check_urls(resolve_escapes(text), max_resolution);
}

}  // namespace imgpeek
