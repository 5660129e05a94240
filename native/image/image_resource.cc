#include "image/image_resource.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace imgpeek {
namespace {

// Photoshop's own signature, then those of ImageReady, PhotoDeluxe, Lightroom and of DCS files.
constexpr std::array<std::string_view, 5> kSignatures = {"8BIM", "MeSa", "PHUT", "AgHg", "DCSR"};
constexpr std::size_t kSignatureLength = 4;
constexpr std::size_t kNameOffset = kSignatureLength + 2;
constexpr std::size_t kLengthLength = 4;

}  // namespace

std::optional<ImageResource> parse_image_resource(ByteSpan start) {
  if (start.size() <= kNameOffset) return std::nullopt;
  const std::string_view signature = as_text(start.first(kSignatureLength));
  if (std::ranges::find(kSignatures, signature) == kSignatures.end()) return std::nullopt;
  // The name is a byte of length and its text, padded to even together.
  const std::size_t name_length = (start[kNameOffset] + 2U) & ~1U;
  const std::size_t length_offset = kNameOffset + name_length;
  if (start.size() < length_offset + kLengthLength) return std::nullopt;
  return ImageResource{.id = be16(start, kSignatureLength),
                       .data = length_offset + kLengthLength,
                       .length = be32(start, length_offset)};
}

}  // namespace imgpeek
