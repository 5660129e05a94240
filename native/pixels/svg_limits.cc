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
constexpr std::array<std::string_view, 7> kEncodings = {
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"};

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
  if (std::ranges::find(kEncodings, lower(quoted(declaration, at))) == kEncodings.end()) {
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

// The text with its numeric references resolved (XML 1.0, 4.1), as far as they are of ASCII, and
// without what a URL's parser passes over.
std::string resolve_references(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  const auto append = [&made](char c) {
    if (c != '\t' && c != '\n' && c != '\r') made.push_back(c);
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_reference = text.substr(at, 2) == "&#";
    const std::size_t length =
        is_reference ? text.substr(at, kLongestReference).find(';') : std::string_view::npos;
    const std::size_t end = length == std::string_view::npos ? length : at + length;
    if (end == std::string_view::npos) {
      if (is_reference) refuse("a reference");
      append(text[at]);
      continue;
    }
    const bool hex = text.substr(at + 2, 1) == "x";
    unsigned value = 0;
    for (const char c : text.substr(at + (hex ? 3 : 2), end - at - (hex ? 3 : 2))) {
      const int digit = std::isdigit(static_cast<unsigned char>(c)) != 0
                            ? c - '0'
                            : std::tolower(static_cast<unsigned char>(c)) - 'a' + 10;
      value = std::min(value * (hex ? 16U : 10U) + static_cast<unsigned>(digit), 0xFFFFU);
    }
    append(value < 0x80 && value != '<' ? static_cast<char>(value) : '?');
    at = end;
  }
  return made;
}

std::string without_comments(std::string_view text) {
  constexpr std::string_view kOpen = "<!--";
  constexpr std::string_view kClose = "-->";
  std::string made;
  for (std::size_t at = 0;;) {
    const std::size_t open = text.find(kOpen, at);
    made.append(text.substr(at, open - at));
    if (open == std::string_view::npos) return made;
    const std::size_t close = text.find(kClose, open + kOpen.size());
    if (close == std::string_view::npos) return made;
    at = close + kClose.size();
  }
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

}  // namespace

void check_svg_images(ByteSpan file, std::uint64_t max_resolution) {
  const std::string_view raw = as_text(file);
  check_encoding(raw);
  check_entities(raw);
  // Where nothing else can hold what looks like a comment, comments are left out: they hold words.
  const bool is_plain = raw.find("<![CDATA[") == std::string_view::npos &&
                        raw.find("<?", 2) == std::string_view::npos;
  const std::string text = resolve_references(is_plain ? without_comments(raw) : std::string(raw));
  const std::string small = lower(text);
  // CSS 2, 4.1.3: an escape could be a letter of a URL's.
  if (small.find('\\') != std::string::npos) refuse("an escape");
  constexpr std::string_view kScheme = "data:";
  std::uint64_t pixels = 0;
  for (std::size_t at = small.find(kScheme); at != std::string::npos;
       at = small.find(kScheme, at + 1)) {
    // RFC 2397. Nothing of the kind has a longer type.
    const std::string_view type = std::string_view(small).substr(at, kLongestType);
    const std::size_t comma = type.find(',');
    // Where only text can hold a `<`, this is in it.
    if (is_plain && type.find('<') < comma) continue;
    if (comma == std::string_view::npos || !type.substr(0, comma).ends_with(";base64")) {
      refuse("a URL of what is not read");
    }
    pixels += count_pixels(decode_base64(std::string_view(text).substr(at + comma + 1)));
    if (pixels > max_resolution) refuse("images over the resolution");
  }
}

}  // namespace imgpeek
