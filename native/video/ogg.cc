// Ogg (RFC 3533): the planner.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "video/container.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// RFC 3533, 6.
constexpr std::uint64_t kPageHeader = 27;
constexpr std::size_t kFlags = 5;
constexpr std::size_t kGranule = 6;
constexpr std::size_t kSerial = 14;
constexpr std::size_t kSegments = 26;
constexpr std::uint8_t kBeginsStream = 2;
constexpr std::uint64_t kNoGranule = UINT64_MAX;
constexpr std::uint64_t kMaxPage = 65307;

// How the first packets of streams with pictures begin.
constexpr std::array kVideoHeaders = {"\x80theora"sv, "BBCD"sv, "OVP80"sv,
                                      "\x80"
                                      "daala"sv,
                                      "\1video"sv};
// RFC 9639, 10.1: FLAC's first packet is a mapping header of 9 bytes, "fLaC" and STREAMINFO behind
// the header of its block; 8.2: 20 bits of sample rate, 3 of channels less one.
constexpr std::string_view kFlacHeader =
    "\x7F"
    "FLAC";
constexpr std::uint64_t kFlacSampleRate = 9 + 4 + 4 + 10;
// A cover in a stream's comments.
constexpr std::string_view kCover = "METADATA_BLOCK_PICTURE=";

constexpr unsigned kMaxPages = 2048;
constexpr std::uint64_t kHop = 65536;
constexpr std::uint64_t kMaxHead = 16U << 20U;

struct Head {
  std::uint64_t end = 0;  // of the first page with data of every stream
  bool picture = false;
  std::vector<StreamFacts> streams;  // what libavformat leaves to FLAC's parser
};

Head read_head(Bytes& bytes) {
  Head head;
  std::set<std::uint32_t> waiting;  // streams whose data has not begun
  int streams = 0;
  std::uint64_t at = 0;
  for (unsigned i = 0; i < kMaxPages && at < kMaxHead; ++i) {
    // Long comments (a cover) take many pages: ask for as much again as there was.
    if (bytes.held(at, kPageHeader + 255).size() < kPageHeader + 255) {
      bytes.require({{at, std::max(kHop, at)}});
    }
    const ByteSpan page = bytes.read_up_to(at, kPageHeader + 255);
    if (page.size() < kPageHeader || as_text(page.first(4)) != "OggS") break;
    const std::size_t segments = page[kSegments];
    if (page.size() < kPageHeader + segments) break;
    std::uint64_t length = kPageHeader + segments;
    for (const std::uint8_t lacing : page.subspan(kPageHeader, segments)) length += lacing;
    const std::uint32_t serial = le32(page, kSerial);
    const std::uint64_t granule = le64(page, kGranule);
    // RFC 3533, 4: the first pages of all streams come before any other.
    const bool begins = (page[kFlags] & kBeginsStream) != 0;
    if (begins) {
      const std::uint64_t body = at + kPageHeader + segments;
      waiting.insert(serial);
      if (bytes.matches(body, "fishead")) waiting.erase(serial);
      for (const std::string_view magic : kVideoHeaders) {
        head.picture = head.picture || bytes.matches(body, magic);
      }
      if (bytes.matches(body, kFlacHeader) && body + kFlacSampleRate + 4 <= at + length) {
        const std::uint32_t bits = bytes.be32(body + kFlacSampleRate);
        StreamFacts facts;
        facts.id = streams;
        facts.sample_rate = static_cast<int>(bits >> 12U);
        facts.channels = static_cast<int>(bits >> 9U & 7U) + 1;
        head.streams.push_back(facts);
      }
      ++streams;
    } else if (granule != 0 && granule != kNoGranule) {
      waiting.erase(serial);
    }
    at += length;
    head.end = at;
    if (!begins && waiting.empty()) break;
  }
  if (!head.picture) {
    const std::string_view text = as_text(bytes.read_up_to(0, head.end));
    head.picture = text.find(kCover) != std::string_view::npos ||
                   text.find("metadata_block_picture=") != std::string_view::npos;
  }
  return head;
}

}  // namespace

bool is_ogg(Bytes& bytes) { return bytes.matches(0, "OggS"); }

Plan plan_ogg(Bytes& bytes, const Wanted& wanted, unsigned /*attempt*/,
              MetadataBlocks& /*blocks*/) {
  Plan plan;
  plan.frame_time_base = true;
  const Head head = read_head(bytes);
  if (!head.picture) throw Malformed("sound without a picture");
  plan.streams = head.streams;
  plan.view.place({0, head.end});
  if (const std::optional<std::uint64_t> size = bytes.size(); size && wanted.video_meta) {
    // The last pages tell how long the streams are.
    const std::uint64_t tail = std::min(*size, kMaxPage);
    plan.view.place({*size - tail, tail});
    plan.view.set_size(*size);
  }
  return plan;
}

}  // namespace imgpeek
