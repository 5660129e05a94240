#include "metadata/metadata.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "metadata/exif.h"
#include "metadata/iptc.h"
#include "metadata/photoshop.h"
#include "metadata/xmp.h"

namespace imgpeek {
namespace {

// XMP that is read briefly, in bytes: most packets are a quarter of it, and a tree of it takes half
// a millisecond.
constexpr std::size_t kMaxBriefXmp = std::size_t{32} * 1024;

std::size_t length_of(const std::vector<ByteSpan>& packets) {
  std::size_t length = 0;
  for (const ByteSpan packet : packets) length += packet.size();
  return length;
}

}  // namespace

void read_metadata(const MetadataBlocks& blocks, const Wanted& wanted, Info& info, Effort effort) {
  // Photoshop may keep EXIF and XMP among its resources; a container's own blocks win over them.
  const PhotoshopResources resources = read_photoshop(blocks.photoshop);
  if (wanted.exif) {
    info.exif = read_exif(blocks.exif.empty() ? resources.exif : blocks.exif, wanted.exif_canonical,
                          effort);
  }
  if (wanted.iptc) {
    if (!resources.resolution.empty()) {
      info.photoshop.emplace().add("resolution", resources.resolution);
    }
    Object iptc = read_iptc(blocks.iptc.empty() ? resources.iptc : blocks.iptc);
    if (!iptc.empty()) info.iptc = std::move(iptc);
  }
  if (wanted.xmp) {
    const std::vector<ByteSpan> packets =
        blocks.xmp.empty() ? std::vector{resources.xmp} : blocks.xmp;
    if (effort == Effort::kBrief && length_of(packets) > kMaxBriefXmp) throw TooLong{};
    Object xmp = read_xmp(packets);
    if (!xmp.empty()) info.xmp = std::move(xmp);
  }
}

}  // namespace imgpeek
