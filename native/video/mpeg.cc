// MPEG transport and programme streams (ISO/IEC 13818-1), and bare video: the planner. They have no
// header: sizes are in the first pictures, durations in the difference of the first and last time
// stamps.
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

// ISO/IEC 11172-2, 2.4.2.3, and 13818-2, 6.2.2.1: a sequence header is its start code, 12 bits each
// of width and height, 4 of aspect ratio, 4 of frame rate, 18 of bit rate, and a bit that is set.
constexpr std::string_view kSequenceStart = "\0\0\1\xB3"sv;
constexpr std::size_t kSequenceHeader = 12;
constexpr std::uint64_t kMaxFrameRateCode = 8;

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

bool is_mpegvideo(Bytes& bytes) {
  if (!bytes.matches(0, kSequenceStart)) return false;
  const ByteSpan header = bytes.read_up_to(0, kSequenceHeader);
  if (header.size() < kSequenceHeader) return false;
  const std::uint64_t fields = be64(header, kSequenceStart.size());
  const std::uint64_t frame_rate = fields >> 32U & 0xFU;
  const bool has_size = fields >> 52U != 0 && (fields >> 40U & 0xFFFU) != 0;
  const bool has_aspect = (fields >> 36U & 0xFU) != 0;
  const bool has_marker = (fields >> 13U & 1U) != 0;
  return has_size && has_aspect && frame_rate != 0 && frame_rate <= kMaxFrameRateCode && has_marker;
}

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
