// Material Exchange Format (SMPTE ST 377-1): the planner.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "video/container.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// ST 377-1, 7.1: a header partition pack's key, but for kind and status in bytes 13 and 14.
constexpr std::string_view kPartitionPack =
    "\x06\x0E\x2B\x34\x02\x05\x01\x01\x0D\x01\x02\x01\x01\x02"sv;
constexpr std::uint64_t kStatus = 14;
constexpr std::uint8_t kClosedAndComplete = 4;
constexpr std::uint64_t kKeyLength = 16;
// Fields of the pack, from its contents on.
constexpr std::uint64_t kFooterPartition = 24;
constexpr std::uint64_t kHeaderByteCount = 32;
constexpr std::uint64_t kIndexByteCount = 40;
constexpr std::uint64_t kPackLength = 88;

constexpr std::uint64_t kMaxHeader = 16U << 20U;
// Fill items, further partitions and the first essence element behind the header.
constexpr std::uint64_t kEssence = 16384;
// The footer with the final metadata, and the random index pack that ends the file.
constexpr std::uint64_t kFooter = 262144;

// The length of a BER length (ST 336), which is 1 to 9 bytes.
std::uint64_t ber_length(std::uint8_t first) { return first < 0x80 ? 1 : 1 + (first & 0x7FU); }

}  // namespace

bool is_mxf(Bytes& bytes) { return bytes.matches(0, kPartitionPack); }

Plan plan_mxf(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& /*blocks*/) {
  Plan plan;
  plan.frame_time_base = true;
  plan.more = attempt == 0;
  const std::uint8_t status = bytes.u8(kStatus);
  const std::uint64_t pack = kKeyLength + ber_length(bytes.u8(kKeyLength));
  const std::uint64_t metadata = bytes.be64(pack + kHeaderByteCount);
  const std::uint64_t index = bytes.be64(pack + kIndexByteCount);
  if (metadata > kMaxHeader) throw Malformed("mxf: the header is too long");
  // An index of the whole essence in front of it is passed over.
  const std::uint64_t header = pack + kPackLength + metadata + std::min(index, kEssence);
  plan.view.place({0, header + kEssence});

  if (const std::optional<std::uint64_t> size = bytes.size()) {
    // What is open or incomplete here is repeated, final, in the footer.
    const bool final = status == kClosedAndComplete;
    if ((wanted.video_meta && !final) || attempt > 0) {
      const std::uint64_t footer = bytes.be64(pack + kFooterPartition);
      if (footer != 0 && footer < *size)
        plan.view.place({footer, std::min(kFooter, *size - footer)});
      const std::uint64_t tail = std::min(*size, kFooter);
      plan.view.place({*size - tail, tail});
    }
    plan.view.set_size(*size);
  }
  return plan;
}

}  // namespace imgpeek
