// Photoshop's image resources: their headers (Adobe Photoshop File Formats Specification, "Image
// Resources Section").
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "bytes.h"

namespace imgpeek {

// "Image Resource IDs"
enum class ImageResourceId : std::uint16_t {
  kResolution = 0x03ED,
  kIptc = 0x0404,
  kExif = 0x0422,
  kXmp = 0x0424,
};

// A resource, in bytes from its signature on.
struct ImageResource {
  // A signature, an id, a name of 255 characters at most padded to even, a length.
  static constexpr std::size_t kMaxHeaderLength = 4 + 2 + 256 + 4;

  std::uint16_t id = 0;
  std::size_t data = 0;      // where the data begins
  std::uint64_t length = 0;  // of the data

  bool is(ImageResourceId other) const { return id == static_cast<std::uint16_t>(other); }
  // Where the next resource begins: the data is padded to even.
  std::uint64_t end() const { return data + length + (length & 1U); }
};

// The header that `start` begins with; none where there is none, or where it is cut off.
std::optional<ImageResource> parse_image_resource(ByteSpan start);

}  // namespace imgpeek
