#include "pixels/icc_intent.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace imgpeek {
namespace {

// ICC.1:2022, 7.3: the tag table.
constexpr std::size_t kCountAt = 128;
constexpr std::size_t kTableAt = 132;
constexpr std::size_t kEntryLength = 12;

bool has_tag(ByteSpan profile, std::string_view signature) {
  if (profile.size() < kTableAt) return false;
  const std::size_t room = (profile.size() - kTableAt) / kEntryLength;
  const std::size_t count = std::min<std::size_t>(be32(profile, kCountAt), room);
  for (std::size_t i = 0; i < count; ++i) {
    const ByteSpan entry = profile.subspan(kTableAt + i * kEntryLength, kEntryLength);
    if (as_text(entry).starts_with(signature)) return true;
  }
  return false;
}

}  // namespace

// 8.10: A2B0 is of perceptual rendering, A2B1 of colorimetric.
bool is_perceptual_only(ByteSpan profile) {
  return has_tag(profile, "A2B0") && !has_tag(profile, "A2B1") && !has_tag(profile, "rXYZ");
}

}  // namespace imgpeek
