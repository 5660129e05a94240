#include "image/tiff/tiff_resources.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "image/hops.h"
#include "image/image_resource.h"

namespace imgpeek {
namespace {

// The resolution and IPTC come before the thumbnail in Photoshop's files.
constexpr std::uint64_t kHead = 32768;

constexpr unsigned kMaxResources = 1024;
// A larger resource is left out.
constexpr std::uint64_t kMaxLength = 1U << 24U;

}  // namespace

Range tiff_resources_head(Range resources) {
  return {resources.offset, std::min(resources.length, kHead)};
}

void read_tiff_resources(Bytes& bytes, Range resources, MetadataBlocks& blocks) {
  if (resources.length > UINT64_MAX - resources.offset) return;
  Hops hops(bytes);
  const auto read = [&](std::uint64_t offset, std::uint64_t length) {
    hops.reach(offset, length);
    return bytes.read_up_to(offset, length);
  };
  const std::uint64_t end = resources.offset + resources.length;
  std::uint64_t offset = resources.offset;
  for (unsigned count = 0; count < kMaxResources && offset < end; ++count) {
    if (!blocks.photoshop.empty() && !blocks.iptc.empty()) return;
    const ByteSpan start =
        read(offset, std::min<std::uint64_t>(ImageResource::kMaxHeaderLength, end - offset));
    const std::optional<ImageResource> resource = parse_image_resource(start);
    if (!resource) return;
    if (resource->length <= kMaxLength) {
      const std::uint64_t length = std::min(resource->data + resource->length, end - offset);
      if (resource->is(ImageResourceId::kResolution) && blocks.photoshop.empty()) {
        blocks.photoshop = read(offset, length);
      } else if (resource->is(ImageResourceId::kIptc) && blocks.iptc.empty()) {
        const ByteSpan block = read(offset, length);
        blocks.iptc = block.subspan(std::min(resource->data, block.size()));
      }
    }
    offset += resource->end();
  }
}

}  // namespace imgpeek
