// AVI (Microsoft's RIFF and OpenDML): the planner.
#include <algorithm>
#include <cstdint>
#include <optional>

#include "video/container.h"
#include "video/riff.h"

namespace imgpeek {
namespace {

constexpr std::uint64_t kListHeader = 12;
constexpr std::uint64_t kListType = 4;
constexpr unsigned kMaxChunks = 256;
// What is fetched at a time at a place where a chunk begins.
constexpr std::uint64_t kHop = 65536;
// The index tells the bit rate of a variable stream; that of an hour is not worth its bytes.
constexpr std::uint64_t kMaxIndex = 1U << 20U;
constexpr std::uint64_t kMaxHeader = 4U << 20U;
constexpr std::uint64_t kMaxXmp = 16U << 20U;

FourCc list_type(Bytes& bytes, const Chunk& chunk) {
  return chunk.type == fourcc("LIST") ? bytes.be32(chunk.body) : 0;
}

// Samples are `00dc`, `01wb` and the like: they follow a list whose length was never written.
bool is_sample(const Chunk& chunk) {
  const auto is_digit = [](FourCc byte) { return byte >= '0' && byte <= '9'; };
  return is_digit(chunk.type >> 24U) && is_digit(chunk.type >> 16U & 0xFFU);
}

// How much to fetch behind the pictures: all of it where that is not much.
std::uint64_t reach_behind(const Bytes& bytes, std::uint64_t offset) {
  const std::uint64_t size = bytes.size().value_or(kToEnd);
  const std::uint64_t rest = size - std::min(size, offset);
  return rest <= kMaxIndex ? rest : kHop;
}

}  // namespace

bool is_avi(Bytes& bytes) { return bytes.matches(0, "RIFF") && bytes.matches(8, "AVI"); }

Plan plan_avi(Bytes& bytes, const Wanted& wanted, unsigned /*attempt*/, MetadataBlocks& blocks) {
  Plan plan;
  plan.frame_time_base = true;
  std::uint64_t offset = kListHeader;
  bool behind = false;
  for (unsigned i = 0; i < kMaxChunks; ++i) {
    const std::optional<Chunk> chunk =
        read_chunk(bytes, offset, ByteOrder::kLittle, behind ? reach_behind(bytes, offset) : kHop);
    // OpenDML continues in further RIFF chunks, which hold nothing but pictures.
    if (!chunk || chunk->type == fourcc("RIFF") || (behind && is_sample(*chunk))) break;
    const FourCc list = list_type(bytes, *chunk);
    if (list == fourcc("movi")) {
      if (chunk->offset > kMaxHeader) throw Malformed("avi: the header is too long");
      plan.view.place({0, chunk->offset + kListHeader});
      behind = true;
      const bool wants_more = wanted.video_meta || wanted.xmp;
      if (!wants_more || chunk->end < chunk->body + kListType || !bytes.size()) break;
    } else if (behind && wanted.video_meta &&
               (chunk->type == fourcc("idx1") || list == fourcc("INFO")) &&
               chunk->length() <= kMaxIndex) {
      plan.view.place({chunk->offset, chunk->length()});
    } else if (chunk->type == fourcc("_PMX") && wanted.xmp && blocks.xmp.empty() &&
               chunk->length() <= kMaxXmp) {
      blocks.xmp.push_back(bytes.read_up_to(chunk->body, chunk->end - chunk->body));
    }
    offset = after(*chunk);
    if (bytes.size() && offset >= *bytes.size()) break;
  }
  if (!behind) throw Malformed("avi: no pictures");
  // What comes behind the pictures is looked for at the end of their list.
  if (bytes.size()) plan.view.set_size(*bytes.size());
  return plan;
}

}  // namespace imgpeek
