// WAVE (Microsoft's RIFF, EBU Tech 3306) and AIFF: sound, looked at for the picture in its tag.
#include <cstdint>
#include <optional>

#include "video/container.h"
#include "video/riff.h"

namespace imgpeek {
namespace {

constexpr std::uint64_t kFormHeader = 12;
// A chunk's header, and what `SSND` has before its samples.
constexpr std::uint64_t kSoundHeader = 16;
constexpr unsigned kMaxChunks = 256;
constexpr std::uint64_t kHop = 16384;
constexpr std::uint64_t kMaxTag = 16U << 20U;
constexpr std::uint64_t kMaxHeader = 1U << 20U;

bool is_tag(FourCc type) { return type == fourcc("id3 ") || type == fourcc("ID3 "); }
bool is_sound(FourCc type) { return type == fourcc("data") || type == fourcc("SSND"); }

}  // namespace

bool is_wav(Bytes& bytes) {
  return (bytes.matches(0, "RIFF") || bytes.matches(0, "RF64")) && bytes.matches(8, "WAVE");
}

bool is_aiff(Bytes& bytes) {
  return bytes.matches(0, "FORM") && (bytes.matches(8, "AIFF") || bytes.matches(8, "AIFC"));
}

Plan plan_wave(Bytes& bytes, const Wanted& /*wanted*/, unsigned /*attempt*/,
               MetadataBlocks& /*blocks*/) {
  const ByteOrder order = bytes.matches(0, "FORM") ? ByteOrder::kBig : ByteOrder::kLittle;
  Plan plan;
  plan.view.place({0, kFormHeader});
  bool tagged = false;
  std::uint64_t offset = kFormHeader;
  for (unsigned i = 0; i < kMaxChunks; ++i) {
    const std::optional<Chunk> chunk = read_chunk(bytes, offset, order, kHop);
    if (!chunk) break;
    offset = after(*chunk);
    if (is_sound(chunk->type)) {
      plan.view.place({chunk->offset, kSoundHeader});
      // RF64 keeps the length of its sound elsewhere.
      if (!bytes.size() || bytes.matches(0, "RF64")) break;
    } else if (chunk->length() <= (is_tag(chunk->type) ? kMaxTag : kMaxHeader)) {
      plan.view.place({chunk->offset, chunk->length()});
      tagged = tagged || is_tag(chunk->type);
    }
    if (bytes.size() && offset >= *bytes.size()) break;
  }
  if (bytes.size()) plan.view.set_size(*bytes.size());
  if (!tagged) throw Malformed("sound without a picture");
  return plan;
}

}  // namespace imgpeek
