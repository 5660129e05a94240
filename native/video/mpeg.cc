// MPEG transport and programme streams (ISO/IEC 13818-1): the planner. They have no header: sizes
// are in the first pictures, durations in the difference of the first and last time stamps.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "video/container.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// 2.4.3.2: a packet's first byte. Packets stand alone, behind a time code (Blu-ray), or before
// error correction (DVB).
constexpr std::uint8_t kSync = 0x47;
constexpr std::array<std::size_t, 3> kPacketSizes = {188, 192, 204};
constexpr std::size_t kSyncs = 5;
// Table 2-38: a pack's start code.
constexpr std::string_view kPackStart = "\0\0\1\xBA"sv;

// How much of the beginning is shown: a first picture may be seconds away.
constexpr std::uint64_t kHeads[] = {65536, 524288, 2U << 20U, 5U << 20U};
// What libavformat reads of the end to find the last time stamps (DURATION_MAX_READ_SIZE).
constexpr std::uint64_t kTail = 250'000;

}  // namespace

bool is_mpegts(Bytes& bytes) {
  const ByteSpan head = bytes.read_up_to(0, kPacketSizes.back() * (kSyncs + 1));
  for (const std::size_t size : kPacketSizes) {
    for (std::size_t phase = 0; phase < size; ++phase) {
      std::size_t syncs = 0;
      std::size_t at = phase;
      while (at < head.size() && head[at] == kSync) {
        ++syncs;
        at += size;
      }
      if (syncs >= kSyncs) return true;
    }
  }
  return false;
}

bool is_mpegps(Bytes& bytes) { return bytes.matches(0, kPackStart); }

Plan plan_mpeg(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& /*blocks*/) {
  Plan plan;
  plan.packets = Packets::kAnalyze;
  plan.more = attempt + 1 < std::size(kHeads);
  const std::uint64_t head = kHeads[std::min<std::size_t>(attempt, std::size(kHeads) - 1)];
  const std::optional<std::uint64_t> size = bytes.size();
  plan.view.place({0, size ? std::min(head, *size) : head});
  if (size && *size <= head) plan.more = false;
  if (size && wanted.video_meta) {
    const std::uint64_t tail = std::min(*size, kTail);
    plan.view.place({*size - tail, tail});
    plan.view.set_size(*size);
  }
  return plan;
}

}  // namespace imgpeek
