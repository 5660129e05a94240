// Charsets: whatever a file holds comes out as valid UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "bytes.h"

namespace imgpeek {

bool is_utf8(std::string_view text);

// The text as it is where it is valid UTF-8, else read as Windows-1252. Control bytes (but tab,
// line feed, carriage return) and trailing NULs and spaces are cut.
std::string to_utf8(std::string_view text);

// Windows-1252 (its five unassigned bytes as the C1 controls of Latin-1), and UTF-16, to UTF-8. Cut
// as by to_utf8(). A byte-order mark in the UTF-16 counts for more than `big_endian`; stray
// surrogates become U+FFFD, an odd last byte is passed over.
std::string windows_1252_to_utf8(std::string_view text);
std::string utf16_to_utf8(ByteSpan text, bool big_endian);

// UTF-16 without a byte-order mark to UTF-8, as utf16_to_utf8() but uncut.
std::string decode_utf16(ByteSpan text, bool big_endian);

// Appends a character, which must be no surrogate and at most U+10FFFF, as UTF-8.
void append_utf8(std::string& out, char32_t code);

// `text`, which must be valid UTF-8, cut as by to_utf8().
std::string trimmed(std::string_view text);

}  // namespace imgpeek
