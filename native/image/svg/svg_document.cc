#include "image/svg/svg_document.h"

#include <algorithm>
#include <string>
#include <utility>

#include "image/inflate.h"
#include "metadata/text.h"

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

std::string from_latin1(ByteSpan data) {
  std::string out;
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

// Keeps `made` alive as long as `bytes`.
std::string_view keep(Bytes& bytes, const std::string& made) {
  return as_text(bytes.keep({made.begin(), made.end()}));
}

std::string_view decode(Bytes& bytes, ByteSpan data) {
  const std::string_view text = as_text(data);
  if (text.starts_with(kUtf8Mark)) return text.substr(kUtf8Mark.size());
  if (text.starts_with(kUtf16BigMark)) return keep(bytes, decode_utf16(data.subspan(2), true));
  if (text.starts_with(kUtf16LittleMark)) {
    return keep(bytes, decode_utf16(data.subspan(2), false));
  }
  if (text.starts_with(kUtf16BigStart)) return keep(bytes, decode_utf16(data, true));
  if (text.starts_with(kUtf16LittleStart)) return keep(bytes, decode_utf16(data, false));
  const auto is_ascii = [](std::uint8_t byte) { return byte < 0x80; };
  if (declares_latin1(text) && !std::all_of(data.begin(), data.end(), is_ascii)) {
    return keep(bytes, from_latin1(data));
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
