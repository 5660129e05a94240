// Matroska and WebM (RFC 9559): the planner. The elements that say something are found by the seek
// head, and shown to libavformat as if nothing else were in the file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "video/container.h"
#include "video/ebml.h"

namespace imgpeek {
namespace {

// RFC 8794, 11.2, and RFC 9559, 5.1.
constexpr std::uint32_t kEbml = 0x1A45DFA3;
constexpr std::uint32_t kDocType = 0x4282;
constexpr std::uint32_t kSegment = 0x18538067;
constexpr std::uint32_t kSeekHead = 0x114D9B74;
constexpr std::uint32_t kSeek = 0x4DBB;
constexpr std::uint32_t kSeekId = 0x53AB;
constexpr std::uint32_t kSeekPosition = 0x53AC;
constexpr std::uint32_t kInfo = 0x1549A966;
constexpr std::uint32_t kTracks = 0x1654AE6B;
constexpr std::uint32_t kTags = 0x1254C367;
constexpr std::uint32_t kAttachments = 0x1941A469;
constexpr std::uint32_t kCluster = 0x1F43B675;

constexpr unsigned kMaxElements = 1024;
constexpr unsigned kMaxSeeks = 256;
// Longer elements are left out; covers and fonts in attachments, unless they are the only picture.
constexpr std::uint64_t kMaxElement = 16U << 20U;
constexpr std::uint64_t kMaxIncidentalAttachments = 262144;
// What is fetched at a time at a place whose element's length is not known yet.
constexpr std::uint64_t kHop = 16384;
// Packets in which the frame rate is looked for where the track does not tell.
constexpr std::uint64_t kPackets = 262144;

using Elements = std::map<std::uint32_t, EbmlElement>;

struct Segment {
  EbmlElement header;  // the EBML header
  EbmlElement self;
  Elements elements;  // the first of each kind
  std::optional<EbmlElement> first_cluster;
};

void reach(Bytes& bytes, std::initializer_list<std::uint64_t> offsets) {
  std::vector<Range> ranges;
  for (const std::uint64_t offset : offsets) ranges.push_back({offset, kHop});
  bytes.require(ranges);
}

// The positions in a seek head of elements that are wanted and were not met before the clusters.
std::vector<std::uint64_t> read_seek_head(Bytes& bytes, const Segment& segment,
                                          std::initializer_list<std::uint32_t> wanted) {
  std::vector<std::uint64_t> positions;
  const auto head = segment.elements.find(kSeekHead);
  if (head == segment.elements.end() || head->second.length() > kMaxElement) return positions;
  bytes.require({{head->second.offset, head->second.length()}});
  std::uint64_t at = head->second.body;
  for (unsigned i = 0; i < kMaxSeeks && at < head->second.end; ++i) {
    const std::optional<EbmlElement> seek = read_ebml_element(bytes, at);
    if (!seek) break;
    at = seek->end;
    if (seek->id != kSeek) continue;
    std::uint64_t id = 0;
    std::optional<std::uint64_t> position;
    for (std::uint64_t inner = seek->body; inner < seek->end;) {
      const std::optional<EbmlElement> field = read_ebml_element(bytes, inner);
      if (!field) break;
      inner = field->end;
      if (field->id == kSeekId) id = read_ebml_unsigned(bytes, *field);
      if (field->id == kSeekPosition) position = read_ebml_unsigned(bytes, *field);
    }
    const bool known = segment.elements.contains(static_cast<std::uint32_t>(id));
    if (!position || known || std::find(wanted.begin(), wanted.end(), id) == wanted.end()) continue;
    const std::uint64_t limit = bytes.size().value_or(kToEnd);
    if (*position < limit - std::min(limit, segment.self.body)) {
      positions.push_back(segment.self.body + *position);
    }
  }
  return positions;
}

Segment find_segment(Bytes& bytes) {
  Segment segment;
  const std::optional<EbmlElement> header = read_ebml_element(bytes, 0);
  if (!header || header->id != kEbml || header->length() > kHop) {
    throw Malformed("matroska: no EBML header");
  }
  segment.header = *header;
  // Void or other elements may stand between.
  std::uint64_t at = header->end;
  for (unsigned i = 0; i < kMaxElements; ++i) {
    if (bytes.held(at, 1).empty()) reach(bytes, {at});
    const std::optional<EbmlElement> element = read_ebml_element(bytes, at);
    if (!element) throw Malformed("matroska: no segment");
    at = element->end;
    if (element->id != kSegment) continue;
    segment.self = *element;
    break;
  }
  at = segment.self.body;
  for (unsigned i = 0; i < kMaxElements && at < segment.self.end; ++i) {
    if (bytes.held(at, 1).empty()) reach(bytes, {at});
    const std::optional<EbmlElement> element = read_ebml_element(bytes, at);
    if (!element) break;
    if (element->id == kCluster) {
      segment.first_cluster = element;
      break;
    }
    segment.elements.emplace(element->id, *element);
    at = element->end;
  }
  return segment;
}

// Finds the elements behind the clusters, all of them in one round.
void find_by_seek_head(Bytes& bytes, Segment& segment,
                       std::initializer_list<std::uint32_t> wanted) {
  const std::vector<std::uint64_t> positions = read_seek_head(bytes, segment, wanted);
  std::vector<Range> ranges;
  ranges.reserve(positions.size());
  for (const std::uint64_t position : positions) ranges.push_back({position, kHop});
  bytes.require(ranges);
  for (const std::uint64_t position : positions) {
    const std::optional<EbmlElement> element = read_ebml_element(bytes, position);
    if (element && std::find(wanted.begin(), wanted.end(), element->id) != wanted.end()) {
      segment.elements.emplace(element->id, *element);
    }
  }
}

std::string_view doc_type(Bytes& bytes) {
  const std::optional<EbmlElement> header = read_ebml_element(bytes, 0);
  if (!header) return {};
  std::uint64_t at = header->body;
  for (unsigned i = 0; i < kMaxElements && at < header->end; ++i) {
    const std::optional<EbmlElement> field = read_ebml_element(bytes, at);
    if (!field) break;
    if (field->id == kDocType && field->end - field->body <= kHop) {
      std::string_view type = as_text(bytes.read_up_to(field->body, field->end - field->body));
      return type.substr(0, type.find('\0'));
    }
    at = field->end;
  }
  return {};
}

}  // namespace

bool is_matroska(Bytes& bytes) { return bytes.matches(0, "\x1A\x45\xDF\xA3"); }

Plan plan_matroska(Bytes& bytes, const Wanted& wanted, unsigned attempt,
                   MetadataBlocks& /*blocks*/) {
  // A second attempt looks for a cover, or for the frame rate.
  Plan plan;
  plan.more = attempt == 0;
  Segment segment = find_segment(bytes);
  const bool cover = !wanted.video_meta && attempt > 0;
  if (wanted.video_meta) {
    find_by_seek_head(bytes, segment, {kInfo, kTracks, kTags, kAttachments});
  } else if (cover) {
    find_by_seek_head(bytes, segment, {kTracks, kAttachments});
  } else {
    find_by_seek_head(bytes, segment, {kTracks});
  }
  if (!segment.elements.contains(kTracks)) throw Malformed("matroska: no tracks");

  // A segment of unknown size may hold the elements in any order and place.
  static constexpr std::uint8_t kOpenSegment[] = {0x18, 0x53, 0x80, 0x67, 0xFF};
  static constexpr std::uint8_t kOpenCluster[] = {0x1F, 0x43, 0xB6, 0x75, 0xFF};
  plan.view.append({segment.header.offset, segment.header.length()});
  plan.view.append_made(kOpenSegment);
  for (const std::uint32_t id : {kInfo, kTracks, kAttachments, kTags}) {
    const auto found = segment.elements.find(id);
    if (found == segment.elements.end() || found->second.length() > kMaxElement) continue;
    if (!wanted.video_meta && id != kTracks && !(cover && id == kAttachments)) continue;
    if (id == kAttachments && attempt == 0 && found->second.length() > kMaxIncidentalAttachments) {
      continue;
    }
    plan.view.append({found->second.offset, found->second.length()});
  }
  if (attempt > 0 && wanted.video_meta && segment.first_cluster) {
    plan.view.append({segment.first_cluster->offset, kPackets});
    plan.packets = Packets::kAnalyze;
  } else {
    plan.view.append_made(kOpenCluster);
  }
  return plan;
}

std::string_view matroska_mime_type(Bytes& bytes, bool moving) {
  if (doc_type(bytes) == "webm") return moving ? "video/webm" : "audio/webm";
  return moving ? "video/x-matroska" : "audio/x-matroska";
}

}  // namespace imgpeek
