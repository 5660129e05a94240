#include "image/jpeg/jpeg_metadata.h"

#include <algorithm>
#include <utility>

#include "image/image_resource.h"
#include "image/metadata_block.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

// What a segment's payload begins with: EXIF 2.32, 4.7.2 (its sixth byte is a pad of any value),
// XMP Specification Part 3, 1.1.3, ICC.1:2022 B.4, and Photoshop's.
constexpr std::string_view kExifCode = "Exif\0"sv;
constexpr std::size_t kExifCodeLength = 6;
constexpr std::string_view kXmpCode = "http://ns.adobe.com/xap/1.0/\0"sv;
constexpr std::string_view kExtendedXmpCode = "http://ns.adobe.com/xmp/extension/\0"sv;
constexpr std::string_view kPhotoshopCode = "Photoshop 3.0\0"sv;
constexpr std::string_view kProfileCode = "ICC_PROFILE\0"sv;
constexpr std::uint8_t kIimMarker = 0x1C;

// T.81, B.1.1.4: a marker and a length stand before the payload.
constexpr std::uint64_t kSegmentHeader = 4;

// XMP Specification Part 3, 1.1.3.1: the code, a GUID of 32 hexadecimal digits, the length of the
// whole, the offset of the portion.
constexpr std::size_t kGuidLength = 32;
constexpr std::size_t kExtendedHeader = kExtendedXmpCode.size() + kGuidLength + 4 + 4;

// ICC.1:2022 B.4: the code, the number of the chunk and their count, of 1 byte each.
constexpr std::size_t kProfileHeader = kProfileCode.size() + 2;

// Holds the code of every payload, and the header of the longest.
constexpr std::size_t kPayloadStart = kExtendedHeader;

// XMP beyond it is no description but depth maps, second pictures and sound in Base64.
constexpr std::uint64_t kMaxExtendedXmp = std::uint64_t{1024} * 1024;

// The GUID of the extended XMP that belongs to a main packet, whether it is written as an attribute
// or as an element; empty if there is none.
std::string_view extended_guid(std::string_view packet) {
  constexpr std::string_view kProperty = "HasExtendedXMP"sv;
  constexpr std::size_t kMaxDistance = 16;  // of the value from its name: `="`, ` = '`, `>`
  const std::size_t property = packet.find(kProperty);
  if (property == std::string_view::npos) return {};
  packet.remove_prefix(property + kProperty.size());
  const std::size_t start = packet.find_first_of("0123456789ABCDEFabcdef");
  if (start > kMaxDistance || packet.size() - start < kGuidLength) return {};
  return packet.substr(start, kGuidLength);
}

// How many segments it takes to hold `length` bytes in portions of `portion`.
std::uint64_t segments_of(std::uint64_t length, std::uint64_t portion) {
  return (length + portion - 1) / portion;
}

}  // namespace

void JpegMetadata::take(const JpegSegment& segment) {
  if (segment.marker != kApp1 && segment.marker != kApp2 && segment.marker != kApp13) return;
  const std::uint64_t length = std::min<std::uint64_t>(segment.length, kPayloadStart);
  segments_.reach({segment.offset, length});
  const ByteSpan start = bytes_.read_up_to(segment.offset, length);
  const std::string_view text = as_text(start);
  const auto payload_after = [&segment](std::size_t code) {
    return Range{segment.offset + code, segment.length - code};
  };
  if (segment.marker == kApp2) {
    jump_over_profile(segment, start);
  } else if (segment.marker == kApp13) {
    if (!wanted_.iptc) return;
    if (text.starts_with(kPhotoshopCode)) take_resources(payload_after(kPhotoshopCode.size()));
    // Some cameras write the bare stream.
    if (text.starts_with(static_cast<char>(kIimMarker)) && blocks_.iptc.empty()) {
      segments_.reach(segment.payload());
      blocks_.iptc = bytes_.read_up_to(segment.offset, segment.length);
    }
  } else if (text.starts_with(kExifCode) && length > kExifCodeLength) {
    take_exif(payload_after(kExifCodeLength));
  } else if (text.starts_with(kXmpCode)) {
    take_xmp(payload_after(kXmpCode.size()));
  } else if (text.starts_with(kExtendedXmpCode)) {
    take_extended_xmp(segment, start);
  }
}

bool JpegMetadata::wants_more() const {
  if (wants_exif(wanted_) && blocks_.exif.empty()) return true;
  if (wanted_.iptc && !resources_end_) return true;
  return wanted_.xmp && (blocks_.xmp.empty() || !extended_guid_.empty());
}

MetadataBlocks JpegMetadata::finish() {
  if (!resources_.empty()) blocks_.photoshop = bytes_.keep(std::move(resources_));
  const ByteSpan extended = join_portions();
  if (!extended.empty()) blocks_.xmp.push_back(extended);
  return std::move(blocks_);
}

void JpegMetadata::take_exif(Range block) {
  if (!wants_exif(wanted_) || !blocks_.exif.empty()) return;
  segments_.reach(exif_range(wanted_, block));
  blocks_.exif = read_exif_block(bytes_, wanted_, block);
}

void JpegMetadata::take_xmp(Range block) {
  if (!wanted_.xmp || !blocks_.xmp.empty()) return;
  segments_.reach(block);
  const ByteSpan packet = bytes_.read_up_to(block.offset, block.length);
  if (packet.empty()) return;
  blocks_.xmp.push_back(packet);
  extended_guid_ = extended_guid(as_text(packet));
}

void JpegMetadata::take_extended_xmp(const JpegSegment& segment, ByteSpan start) {
  if (start.size() < kExtendedHeader || segment.length == kExtendedHeader) return;
  const std::uint64_t whole = be32(start, kExtendedXmpCode.size() + kGuidLength);
  const std::uint64_t offset = be32(start, kExtendedXmpCode.size() + kGuidLength + 4);
  const std::uint64_t portion = segment.length - kExtendedHeader;
  if (offset >= whole || portion > whole - offset) return;
  const std::uint64_t rest = whole - offset;
  const std::uint64_t headers = segments_of(rest, portion) * (kSegmentHeader + kExtendedHeader);
  const std::string_view guid = as_text(slice(start, kExtendedXmpCode.size(), kGuidLength));
  if (!is_extension(guid) || whole > kMaxExtendedXmp) {
    segments_.jump(segment.offset - kSegmentHeader + rest + headers);
    return;
  }
  // The portions follow each other as a rule, so that one round fetches them all.
  segments_.reach({segment.offset, rest + headers - kSegmentHeader});
  portions_.push_back(
      {guid, whole, offset, bytes_.read_up_to(segment.offset + kExtendedHeader, portion)});
}

bool JpegMetadata::is_extension(std::string_view guid) const {
  if (!wanted_.xmp) return false;
  if (!blocks_.xmp.empty()) return guid == extended_guid_;
  // It may stand before the main packet, which names it.
  return portions_.empty() || guid == portions_.front().guid;
}

ByteSpan JpegMetadata::join_portions() {
  std::erase_if(portions_, [this](const Portion& some) { return some.guid != extended_guid_; });
  if (portions_.empty()) return {};
  std::ranges::sort(portions_, {}, &Portion::offset);
  std::vector<std::uint8_t> whole;
  for (const Portion& portion : portions_) {
    if (portion.offset > whole.size()) return {};  // a portion is missing
    const std::size_t known = whole.size() - static_cast<std::size_t>(portion.offset);
    if (known >= portion.data.size()) continue;
    whole.insert(whole.end(), portion.data.begin() + static_cast<std::ptrdiff_t>(known),
                 portion.data.end());
  }
  return whole.size() == portions_.front().whole ? bytes_.keep(std::move(whole)) : ByteSpan();
}

// Resources that are more than a segment holds continue in the next one. Once all of them are
// there, IPTC among them, further blocks do not count.
void JpegMetadata::take_resources(Range block) {
  if (resources_end_ || resources_.size() + block.length > kMaxMetadataBlock) return;
  segments_.reach(block);
  const ByteSpan data = bytes_.read_up_to(block.offset, block.length);
  resources_.insert(resources_.end(), data.begin(), data.end());
  const ByteSpan all(resources_);
  while (const auto resource = parse_image_resource(all.subspan(resource_))) {
    if (resource->data + resource->length > all.size() - resource_) return;  // continued
    has_iptc_ = has_iptc_ || resource->is(ImageResourceId::kIptc);
    resource_ =
        static_cast<std::size_t>(std::min<std::uint64_t>(resource_ + resource->end(), all.size()));
  }
  resources_end_ = has_iptc_;
}

// A profile that takes several segments is passed over at once: its first chunk tells its length.
void JpegMetadata::jump_over_profile(const JpegSegment& segment, ByteSpan start) {
  constexpr std::size_t kNumber = kProfileCode.size();
  if (!as_text(start).starts_with(kProfileCode) || start.size() < kProfileHeader + 4) return;
  const unsigned count = start[kNumber + 1];
  if (start[kNumber] != 1 || count < 2) return;
  const std::uint64_t portion = segment.length - kProfileHeader;
  const std::uint64_t whole = be32(start, kProfileHeader);
  if (segments_of(whole, portion) != count) return;
  segments_.jump(segment.offset - kSegmentHeader + whole +
                 count * (kSegmentHeader + kProfileHeader));
}

}  // namespace imgpeek
