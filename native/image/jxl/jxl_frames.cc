#include "image/jxl/jxl_frames.h"

#include <algorithm>
#include <array>
#include <optional>

#include "image/jxl/jxl_bits.h"
#include "image/jxl/jxl_entropy.h"
#include "image/jxl/jxl_frame_header.h"

namespace imgpeek {
namespace {

constexpr std::uint64_t kMaxFrames = 16384;
// The bytes of codestream that a header is looked for in, at first and where it is longer.
constexpr std::array<std::uint64_t, 3> kHeaderLengths = {512, 65536, 4U << 20U};
// Frames are small and many: each round brings so much.
constexpr std::uint64_t kRoundLength = 1U << 20U;
// Bytes of an ICC profile as it is encoded.
constexpr std::uint64_t kMaxProfileLength = 4U << 20U;
constexpr std::size_t kProfileContexts = 41;
constexpr std::size_t kSignatureBits = 16;

// Runs `read` over the bits from `offset` on, over more of them where they do not suffice.
// Malformed where the codestream ends or is damaged.
template <typename Read>
auto read_header(JxlCodestream& codestream, std::uint64_t offset, Read read) {
  for (const std::uint64_t length : kHeaderLengths) {
    const ByteSpan data = codestream.read_ahead(offset, length, kRoundLength);
    const bool all = data.size() < length || length == kHeaderLengths.back();
    try {
      JxlBits bits(data);
      return read(bits);
    } catch (const Malformed&) {
      if (all) throw;
    }
  }
  throw Malformed("jxl: no header");
}

// E.4.3: the context of a byte of the encoded profile, by the two before it.
std::size_t profile_context(std::uint64_t index, std::uint32_t last, std::uint32_t before) {
  constexpr std::uint64_t kHeaderLength = 128;
  if (index <= kHeaderLength) return 0;
  const auto is_letter = [](std::uint32_t byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
  };
  const auto is_number = [](std::uint32_t byte) {
    return (byte >= '0' && byte <= '9') || byte == '.' || byte == ',';
  };
  const auto kind_of_last = [&]() -> std::size_t {
    if (is_letter(last)) return 0;
    if (is_number(last)) return 1;
    if (last <= 1) return 2 + last;
    if (last < 16) return 4;
    if (last == 255) return 6;
    return last > 240 ? 5 : 7;
  };
  const auto kind_of_before = [&]() -> std::size_t {
    if (is_letter(before)) return 0;
    if (is_number(before)) return 1;
    if (before < 16) return 2;
    return before > 240 ? 3 : 4;
  };
  return 1 + kind_of_last() + 8 * kind_of_before();
}

void skip_profile(JxlBits& bits) {
  const std::uint64_t length = bits.u64();
  if (length > kMaxProfileLength) throw Malformed("jxl: a profile of megabytes");
  JxlEntropy stream(bits, kProfileContexts);
  std::uint32_t last = 0;
  std::uint32_t before = 0;
  for (std::uint64_t i = 0; i < length; ++i) {
    const std::uint32_t byte = stream.read(profile_context(i, last, before)) & 0xFFU;
    before = last;
    last = byte;
  }
  stream.finish();
}

// E.3: CustomTransformData.
void skip_transform_data(JxlBits& bits, bool xyb) {
  constexpr std::size_t kF16 = 16;
  constexpr std::array<std::size_t, 3> kUpsamplingWeights = {15, 55, 210};
  if (bits.flag()) return;
  if (xyb && !bits.flag()) bits.skip(16 * kF16);
  const std::uint32_t custom = bits.bits(3);
  for (std::size_t i = 0; i < kUpsamplingWeights.size(); ++i) {
    if ((custom >> i & 1U) != 0) bits.skip(kUpsamplingWeights.at(i) * kF16);
  }
}

struct Header {
  JxlSize size;
  JxlMetadata metadata;
  std::uint64_t length = 0;  // in bytes
};

Header read_image_header(JxlBits& bits) {
  Header header;
  bits.skip(kSignatureBits);
  header.size = read_jxl_size(bits);
  header.metadata = read_jxl_metadata(bits, true);
  skip_transform_data(bits, header.metadata.xyb);
  if (header.metadata.icc) skip_profile(bits);
  bits.align();
  header.length = bits.position() / 8;
  return header;
}

}  // namespace

std::uint64_t count_jxl_frames(JxlCodestream& codestream) {
  std::uint64_t shown = 0;
  try {
    const Header header = read_header(codestream, 0, read_image_header);
    std::uint64_t offset = header.length;
    const auto read_next = [&](const JxlSize& size) {
      return read_header(codestream, offset, [&](JxlBits& bits) {
        const JxlFrame frame = read_jxl_frame(bits, size, header.metadata);
        return std::pair(frame, bits.position() / 8);
      });
    };
    if (header.metadata.preview) {
      const auto [frame, length] = read_next(*header.metadata.preview);
      offset += length + frame.data_length;
    }
    for (std::uint64_t i = 0; i < kMaxFrames; ++i) {
      const auto [frame, length] = read_next(header.size);
      if (frame.shown) ++shown;
      if (frame.last) break;
      offset += length + frame.data_length;
    }
  } catch (const Malformed&) {
    // The frames that were found count.
  }
  return std::max<std::uint64_t>(1, shown);
}

}  // namespace imgpeek
