#include "pixels/png_limits.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "pixels/undecodable.h"

namespace imgpeek {
namespace {

// W3C PNG, 5.2 and 5.3.
constexpr std::size_t kSignatureLength = 8;
constexpr std::size_t kTypeAt = 4;
constexpr std::size_t kTypeLength = 4;
constexpr std::size_t kFrameLength = 12;  // length, type and check sum
constexpr std::array<std::string_view, 4> kTexts = {"tEXt", "zTXt", "iTXt", "sPLT"};

constexpr std::uint32_t kMaxChunk = std::uint32_t{60} << 20U;
constexpr unsigned kMaxTexts = 1000;

}  // namespace

void check_png_chunks(ByteSpan file) {
  unsigned texts = 0;
  std::size_t at = kSignatureLength;
  while (at + kFrameLength <= file.size()) {
    const std::uint32_t length = be32(file, at);
    const std::string_view type = as_text(file.subspan(at + kTypeAt, kTypeLength));
    if (length > kMaxChunk)
      throw Undecodable("png: a chunk of " + std::to_string(length) + " bytes");
    if (std::ranges::find(kTexts, type) != kTexts.end() && ++texts > kMaxTexts) {
      throw Undecodable("png: more than " + std::to_string(kMaxTexts) + " texts");
    }
    at += kFrameLength + length;
  }
}

}  // namespace imgpeek
