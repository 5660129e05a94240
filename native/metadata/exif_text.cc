#include "metadata/exif_text.h"

#include <cstddef>
#include <string_view>

#include "metadata/text.h"

namespace imgpeek {
namespace {

constexpr std::uint16_t kUserComment = 0x9286;
constexpr std::uint16_t kFirstXpTag = 0x9C9B;  // XPTitle, XPComment, XPAuthor, XPKeywords
constexpr std::uint16_t kLastXpTag = 0x9C9F;   // XPSubject

// EXIF 2.32, 4.6.5.2: eight bytes before the comment say its character code.
constexpr std::size_t kCodeSize = 8;
constexpr std::string_view kAscii("ASCII\0\0\0", kCodeSize);
constexpr std::string_view kUnicode("UNICODE\0", kCodeSize);
constexpr std::string_view kJis("JIS\0\0\0\0\0", kCodeSize);
constexpr std::string_view kUndefined("\0\0\0\0\0\0\0\0", kCodeSize);

// UTF-16 up to its first NUL.
ByteSpan up_to_nul(ByteSpan text) {
  for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
    if (text[at] == 0 && text[at + 1] == 0) return text.first(at);
  }
  return text;
}

// The byte order of UTF-16 without a mark. The standard does not say which, and writers differ:
// most text has more zeros in its high bytes. Where it has none the block's own order counts.
bool is_big_endian(ByteSpan text, bool block_is_big_endian) {
  std::size_t even_zeros = 0;
  std::size_t odd_zeros = 0;
  for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
    if (text[at] == 0) ++even_zeros;
    if (text[at + 1] == 0) ++odd_zeros;
  }
  return even_zeros == odd_zeros ? block_is_big_endian : even_zeros > odd_zeros;
}

std::optional<std::string> user_comment(const TiffBlock& tiff, ByteSpan comment) {
  const std::string_view text = as_text(comment);
  if (text.starts_with(kJis)) return std::nullopt;
  if (text.starts_with(kUnicode)) {
    const ByteSpan units = up_to_nul(comment.subspan(kCodeSize));
    return utf16_to_utf8(units, is_big_endian(units, tiff.big_endian()));
  }
  const bool has_code = text.starts_with(kAscii) || text.starts_with(kUndefined);
  return to_utf8(has_code ? text.substr(kCodeSize) : text);
}

}  // namespace

std::optional<std::string> exif_text(const TiffBlock& tiff, const TiffField& field) {
  if (field.tag == kUserComment) return user_comment(tiff, field.data);
  if (field.tag >= kFirstXpTag && field.tag <= kLastXpTag) {
    return utf16_to_utf8(up_to_nul(field.data), false);
  }
  return std::nullopt;
}

}  // namespace imgpeek
