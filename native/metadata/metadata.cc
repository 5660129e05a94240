#include "metadata/metadata.h"

#include "metadata/exif.h"
#include "metadata/iptc.h"
#include "metadata/photoshop.h"
#include "metadata/xmp.h"

namespace imgpeek {

void read_metadata(const MetadataBlocks& blocks, const Wanted& wanted, Info& info) {
  if (wanted.exif) info.exif = read_exif(blocks.exif, wanted.exif_canonical);
  if (wanted.iptc) {
    const PhotoshopResources resources = read_photoshop(blocks.photoshop);
    if (!resources.resolution.empty()) {
      info.photoshop.emplace().add("resolution", resources.resolution);
    }
    Object iptc = read_iptc(blocks.iptc.empty() ? resources.iptc : blocks.iptc);
    if (!iptc.empty()) info.iptc = std::move(iptc);
  }
  if (wanted.xmp) {
    Object xmp = read_xmp(blocks.xmp);
    if (!xmp.empty()) info.xmp = std::move(xmp);
  }
}

}  // namespace imgpeek
