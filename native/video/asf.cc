// Advanced Systems Format (Microsoft ASF 01.20.05): the planner.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "image/metadata_block.h"
#include "video/container.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// 10.1: the header object's GUID, and the length of the data object's own header (5.1).
constexpr std::string_view kHeaderObject =
    "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C"sv;
constexpr std::uint64_t kHeaderSize = 16;
constexpr std::uint64_t kDataHeader = 50;
// 2.1: an object is its GUID, its whole length and its contents. 3.1: the header object's own
// fields take 6 bytes more before the objects in it.
constexpr std::uint64_t kObjectHeader = 24;
constexpr std::uint64_t kHeaderFields = 30;

// XMP Specification Part 3, "ASF": BE7ACFCB-97A9-42E8-9C71-999491E3AFAC.
constexpr std::string_view kXmpObject =
    "\xCB\xCF\x7A\xBE\xA9\x97\xE8\x42\x9C\x71\x99\x94\x91\xE3\xAF\xAC"sv;
constexpr unsigned kMaxObjects = 256;
// What is fetched at a time at a place where an object begins.
constexpr std::uint64_t kHop = 16384;

constexpr std::uint64_t kMaxHeader = 16U << 20U;
// The header says no frame rate: it is in the times of the first frames.
constexpr std::uint64_t kPackets[] = {65536, 1U << 20U};

// Looks for XMP among the objects in [offset, end). It stands behind the data, beside the indexes,
// or in the header. Throws Missing.
void read_xmp_object(Bytes& bytes, std::uint64_t offset, std::uint64_t end,
                     MetadataBlocks& blocks) {
  for (unsigned i = 0; i < kMaxObjects && blocks.xmp.empty(); ++i) {
    if (end < kObjectHeader || offset > end - kObjectHeader) return;
    if (bytes.held(offset, kObjectHeader).size() < kObjectHeader) {
      bytes.require({{offset, std::min(kHop, end - offset)}});
    }
    const ByteSpan header = bytes.read_up_to(offset, kObjectHeader);
    if (header.size() < kObjectHeader) return;
    const std::uint64_t length = le64(header, kHeaderSize);
    if (length < kObjectHeader || length > end - offset) return;
    const std::uint64_t contents = length - kObjectHeader;
    if (as_text(header).starts_with(kXmpObject) && contents <= kMaxMetadataBlock) {
      blocks.xmp.push_back(bytes.read_up_to(offset + kObjectHeader, contents));
    }
    offset += length;
  }
}

}  // namespace

bool is_asf(Bytes& bytes) { return bytes.matches(0, kHeaderObject); }

Plan plan_asf(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks) {
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
  if (wanted.xmp) {
    plan.view.require(bytes);
    read_xmp_object(bytes, kHeaderFields, header, blocks);
    if (bytes.size()) read_xmp_object(bytes, header, *bytes.size(), blocks);
  }
  return plan;
}

}  // namespace imgpeek
