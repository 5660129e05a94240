#include "image/png/png_metadata.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "image/inflate.h"
#include "image/metadata_block.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// 11.3.3: the textual chunks; 11.3.3.5: eXIf.
constexpr FourCc kText = fourcc("tEXt");
constexpr FourCc kCompressedText = fourcc("zTXt");
constexpr FourCc kInternationalText = fourcc("iTXt");
constexpr FourCc kExif = fourcc("eXIf");

// 11.3.3.2: 1 to 79 bytes and a zero.
constexpr std::uint64_t kMaxKeyword = 80;

// XMP Specification Part 3, 1.1.5; and what ImageMagick writes a profile of any kind under.
constexpr std::string_view kXmpKeyword = "XML:com.adobe.xmp"sv;
constexpr std::string_view kProfileKeyword = "Raw profile type "sv;

// What a JPEG's APP1 holds before an XMP packet.
constexpr std::string_view kXmpCode = "http://ns.adobe.com/xap/1.0/\0"sv;

constexpr std::size_t kNone = std::string_view::npos;

// The text of a chunk, past its keyword and what else stands before it; none where it is damaged.
// It inflates to `room` bytes at most, which are then taken off it.
std::optional<ByteSpan> text_in(Bytes& bytes, FourCc type, ByteSpan data, std::size_t& room) {
  const auto past_zero = [](ByteSpan span) -> std::optional<ByteSpan> {
    const std::size_t zero = as_text(span).find('\0');
    return zero == kNone ? std::nullopt : std::optional(span.subspan(zero + 1));
  };
  std::optional<ByteSpan> text = past_zero(data);
  if (!text || type == kText) return text;
  bool is_compressed = type == kCompressedText;
  if (is_compressed) {
    if (text->empty()) return std::nullopt;
    text = text->subspan(1);  // the compression method
  } else {
    // A compression flag and method, a language tag, a translated keyword.
    if (text->size() < 2) return std::nullopt;
    is_compressed = (*text)[0] != 0;
    text = past_zero(text->subspan(2));
    if (text) text = past_zero(*text);
  }
  if (!text || !is_compressed) return text;
  bytes.take_time();
  Inflated inflated = inflate_prefix(*text, DeflateWrapper::kZlib, room);
  room -= inflated.data.size();
  return bytes.keep(std::move(inflated.data));
}

// The value of a hexadecimal digit; none for anything else.
std::optional<unsigned> digit_value(std::uint8_t digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return std::nullopt;
}

// A raw profile is a name, its length in decimal, and the bytes in hexadecimal, each on lines of
// their own.
std::vector<std::uint8_t> decode_profile(ByteSpan text) {
  constexpr std::string_view kSpace = " \t\r\n"sv;
  const std::string_view all = as_text(text);
  const std::size_t name = all.find_first_not_of(kSpace);
  const std::size_t name_end = name == kNone ? kNone : all.find('\n', name);
  const std::size_t length = name_end == kNone ? kNone : all.find_first_not_of(kSpace, name_end);
  const std::size_t hex = length == kNone ? kNone : all.find_first_of(kSpace, length);
  if (hex == kNone) return {};
  std::vector<std::uint8_t> bytes;
  bytes.reserve((text.size() - hex) / 2);
  unsigned high = 0;
  bool has_high = false;
  for (const std::uint8_t byte : text.subspan(hex)) {
    const std::optional<unsigned> value = digit_value(byte);
    if (!value) {
      if (kSpace.find(static_cast<char>(byte)) == kNone) break;
      continue;
    }
    if (has_high) bytes.push_back(static_cast<std::uint8_t>(high << 4U | *value));
    high = *value;
    has_high = !has_high;
  }
  return bytes;
}

}  // namespace

PngMetadata::Kind PngMetadata::kind_of(std::string_view keyword) {
  if (keyword == kXmpKeyword) return Kind::kXmp;
  if (!keyword.starts_with(kProfileKeyword)) return Kind::kNone;
  constexpr std::array<std::pair<std::string_view, Kind>, 7> kProfiles = {{
      {"exif"sv, Kind::kExifProfile},
      {"EXIF"sv, Kind::kExifProfile},
      {"APP1"sv, Kind::kApp1Profile},
      {"app1"sv, Kind::kApp1Profile},
      {"iptc"sv, Kind::kIptcProfile},
      {"8bim"sv, Kind::kIptcProfile},
      {"xmp"sv, Kind::kXmpProfile},
  }};
  keyword.remove_prefix(kProfileKeyword.size());
  for (const auto& [name, kind] : kProfiles) {
    if (keyword == name) return kind;
  }
  return Kind::kNone;
}

bool PngMetadata::wants(Kind kind) const {
  const bool exif = wants_exif(wanted_) && profile_exif_.empty() && blocks_.exif.empty();
  const bool xmp = wanted_.xmp && blocks_.xmp.empty();
  switch (kind) {
    case Kind::kXmp:
    case Kind::kXmpProfile:
      return xmp;
    case Kind::kExifProfile:
      return exif;
    case Kind::kApp1Profile:
      return exif || xmp;
    case Kind::kIptcProfile:
      return wanted_.iptc && (blocks_.iptc.empty() || blocks_.photoshop.empty());
    default:
      return false;
  }
}

void PngMetadata::take(const PngChunk& chunk) {
  if (chunk.length > kMaxMetadataBlock) return;
  if (chunk.type == kExif) {
    if (!wants_exif(wanted_) || !blocks_.exif.empty()) return;
    const Range block{chunk.data(), chunk.length};
    chunks_.reach(exif_range(wanted_, block));
    blocks_.exif = read_exif_block(bytes_, wanted_, block);
  } else if (chunk.type == kText || chunk.type == kCompressedText ||
             chunk.type == kInternationalText) {
    take_text(chunk);
  }
}

void PngMetadata::take_text(const PngChunk& chunk) {
  if (!wants_more(false)) return;
  const std::uint64_t start_length = std::min(chunk.length, kMaxKeyword);
  chunks_.reach({chunk.data(), start_length});
  const std::string_view start = as_text(bytes_.read_up_to(chunk.data(), start_length));
  const Kind kind = kind_of(start.substr(0, start.find('\0')));
  if (!wants(kind)) return;
  chunks_.reach({chunk.data(), chunk.length});
  const ByteSpan data = bytes_.read_up_to(chunk.data(), chunk.length);
  const std::optional<ByteSpan> text = text_in(bytes_, chunk.type, data, room_);
  if (!text) return;
  take_block(kind, kind == Kind::kXmp ? *text : bytes_.keep(decode_profile(*text)));
}

void PngMetadata::take_block(Kind kind, ByteSpan block) {
  if (kind == Kind::kIptcProfile) return take_iptc(block, blocks_);
  const std::string_view text = as_text(block);
  const bool is_xmp_app1 = kind == Kind::kApp1Profile && text.starts_with(kXmpCode);
  if (is_xmp_app1) block = block.subspan(kXmpCode.size());
  if (is_xmp_app1 || kind == Kind::kXmp || kind == Kind::kXmpProfile) {
    if (wanted_.xmp && blocks_.xmp.empty() && !block.empty()) blocks_.xmp.push_back(block);
  } else if (profile_exif_.empty()) {
    profile_exif_ = exif_in(block);
  }
}

bool PngMetadata::wants_more(bool behind_pixels) const {
  const bool exif = behind_pixels ? wanted_.exif : wants_exif(wanted_);
  if (exif && blocks_.exif.empty()) return true;
  if (wanted_.iptc && blocks_.iptc.empty() && blocks_.photoshop.empty()) return true;
  return wanted_.xmp && blocks_.xmp.empty();
}

MetadataBlocks PngMetadata::finish() {
  if (blocks_.exif.empty()) blocks_.exif = profile_exif_;
  return std::move(blocks_);
}

}  // namespace imgpeek
