#include "metadata/metadata.h"

#include <utility>

#include "metadata/exif.h"
#include "metadata/iptc.h"
#include "metadata/photoshop.h"
#include "metadata/xmp.h"

namespace imgpeek {

void read_metadata(const MetadataBlocks& blocks, const Wanted& wanted, Info& info) {
  // Photoshop may keep EXIF and XMP among its resources; a container's own blocks win over them.
  const PhotoshopResources resources = read_photoshop(blocks.photoshop);
  if (wanted.exif) {
    info.exif =
        read_exif(blocks.exif.empty() ? resources.exif : blocks.exif, wanted.exif_canonical);
  }
  if (wanted.iptc) {
    if (!resources.resolution.empty()) {
      info.photoshop.emplace().add("resolution", resources.resolution);
    }
    Object iptc = read_iptc(blocks.iptc.empty() ? resources.iptc : blocks.iptc);
    if (!iptc.empty()) info.iptc = std::move(iptc);
  }
  if (wanted.xmp) {
    Object xmp = blocks.xmp.empty() ? read_xmp({resources.xmp}) : read_xmp(blocks.xmp);
    if (!xmp.empty()) info.xmp = std::move(xmp);
  }
}

}  // namespace imgpeek
