// Flash video (Adobe Flash Video File Format Specification 10.1): the planner.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "video/container.h"

namespace imgpeek {
namespace {

// Annex E.2, E.3, E.4.1.
constexpr std::uint64_t kTagHeader = 11;
constexpr std::uint64_t kPreviousTagSize = 4;
constexpr std::uint8_t kAudio = 8;
constexpr std::uint8_t kVideo = 9;
constexpr std::uint8_t kScript = 18;
constexpr std::uint8_t kTypeMask = 0x1F;
constexpr std::uint8_t kHasVideo = 1;
constexpr std::uint8_t kHasAudio = 4;
// E.4.4.2: AMF0 types.
constexpr std::uint8_t kNumber = 0;
constexpr std::uint8_t kString = 2;
constexpr std::uint8_t kLongString = 12;

constexpr unsigned kMaxTags = 512;
constexpr std::uint64_t kHop = 65536;
constexpr std::uint64_t kMaxScript = 16U << 20U;
// How far the first tag of each kind is looked for, and packets on the second attempt.
constexpr std::uint64_t kMaxHead = 1U << 20U;
// The last tag's time is the duration where the script does not tell it.
constexpr std::uint64_t kTail = 65536;

// The value that follows a key in script data, or an empty span.
ByteSpan value_of(ByteSpan script, std::string_view key) {
  const std::size_t at = as_text(script).find(key);
  return at == std::string_view::npos ? ByteSpan() : script.subspan(at + key.size());
}

double number_of(ByteSpan script, std::string_view key) {
  const ByteSpan value = value_of(script, key);
  if (value.size() < 9 || value[0] != kNumber) return 0;
  return std::bit_cast<double>(be64(value, 1));
}

// XMP specification part 3, 1.1.7: a script tag `onXMPData` with the packet as `liveXML`.
ByteSpan xmp_of(ByteSpan script) {
  const ByteSpan value = value_of(script, "liveXML");
  try {
    if (!value.empty() && value[0] == kString) return slice(value, 3, be16(value, 1));
    if (!value.empty() && value[0] == kLongString) return slice(value, 5, be32(value, 1));
  } catch (const Malformed&) {
    // The tag is shorter than its text.
  }
  return {};
}

struct Head {
  std::uint64_t end = 0;  // of the last tag that matters
  std::optional<PictureSize> picture;
  std::optional<double> fps;
  bool timed = false;  // the script tells the duration
  ByteSpan xmp;
};

void read_script(ByteSpan script, Head& head) {
  // Keys of `onMetaData`, each with its length before it.
  const double width = number_of(script, {"\0\5width", 7});
  const double height = number_of(script, {"\0\6height", 8});
  constexpr double kMaxSide = 65536;
  constexpr double kMaxFps = 1000;
  if (!head.picture && width >= 1 && height >= 1 && width <= kMaxSide && height <= kMaxSide) {
    head.picture = {static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height)};
  }
  if (const double fps = number_of(script, {"\0\11framerate", 11}); fps > 0 && fps <= kMaxFps) {
    head.fps = fps;
  }
  head.timed = head.timed || number_of(script, {"\0\10duration", 10}) > 0;
  if (head.xmp.empty()) head.xmp = xmp_of(script);
}

Head read_head(Bytes& bytes) {
  const ByteSpan header = bytes.read(0, 9);
  bool video = (header[4] & kHasVideo) != 0;
  bool audio = (header[4] & kHasAudio) != 0;
  // Some writers set neither.
  if (!video && !audio) video = audio = true;
  Head head;
  std::uint64_t at = be32(header, 5) + kPreviousTagSize;
  head.end = at;
  for (unsigned i = 0; i < kMaxTags && at < kMaxHead && (video || audio); ++i) {
    if (bytes.held(at, kTagHeader).size() < kTagHeader) bytes.require({{at, kHop}});
    const ByteSpan tag = bytes.read_up_to(at, kTagHeader);
    if (tag.size() < kTagHeader) break;
    const std::uint8_t type = tag[0] & kTypeMask;
    const std::uint64_t length = be32(tag, 0) & 0xFFFFFFU;
    const std::uint64_t body = at + kTagHeader;
    if (type == kScript && length <= kMaxScript) {
      read_script(bytes.read_up_to(body, length), head);
      at = body + length + kPreviousTagSize;
      head.end = at;
      continue;
    }
    const bool matters = (type == kVideo && video) || (type == kAudio && audio);
    if (type == kVideo) video = false;
    if (type == kAudio) audio = false;
    at = body + length + kPreviousTagSize;
    if (matters) head.end = at;
  }
  return head;
}

}  // namespace

bool is_flv(Bytes& bytes) { return bytes.matches(0, {"FLV\1", 4}); }

Plan plan_flv(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks) {
  Plan plan;
  plan.packets = attempt == 0 ? Packets::kRead : Packets::kAnalyze;
  plan.more = attempt == 0;
  const Head head = read_head(bytes);
  if (wanted.xmp && !head.xmp.empty()) blocks.xmp.push_back(head.xmp);
  plan.picture = head.picture;
  plan.fps = head.fps;
  if (!wanted.video_meta && head.picture) return plan;
  plan.view.place({0, attempt == 0 ? head.end : std::max(head.end, kMaxHead)});
  if (const std::optional<std::uint64_t> size = bytes.size()) {
    if (wanted.video_meta && !head.timed) {
      const std::uint64_t tail = std::min(*size, kTail);
      plan.view.place({*size - tail, tail});
    }
    plan.view.set_size(*size);
  }
  return plan;
}

}  // namespace imgpeek
