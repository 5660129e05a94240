// Advanced Systems Format (Microsoft ASF 01.20.05): the planner.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "video/container.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// 10.1: the header object's GUID, and the length of the data object's own header (5.1).
constexpr std::string_view kHeaderObject =
    "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C"sv;
constexpr std::uint64_t kHeaderSize = 16;
constexpr std::uint64_t kDataHeader = 50;

constexpr std::uint64_t kMaxHeader = 16U << 20U;
// The header says no frame rate: it is in the times of the first frames.
constexpr std::uint64_t kPackets[] = {65536, 1U << 20U};

}  // namespace

bool is_asf(Bytes& bytes) { return bytes.matches(0, kHeaderObject); }

Plan plan_asf(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& /*blocks*/) {
  Plan plan;
  plan.more = wanted.video_meta && attempt == 0;
  const std::uint64_t header = bytes.le64(kHeaderSize);
  if (header > kMaxHeader) throw Malformed("asf: the header is too long");
  plan.view.place({0, header + kDataHeader});
  if (wanted.video_meta) {
    plan.packets = Packets::kAnalyze;
    // A short header leaves room for packets in a first range of the usual length.
    const std::uint64_t packets = kPackets[attempt == 0 ? 0 : 1];
    plan.view.place({0, std::max(header + kDataHeader + packets / 2, packets)});
  }
  if (bytes.size()) plan.view.set_size(*bytes.size());
  return plan;
}

}  // namespace imgpeek
