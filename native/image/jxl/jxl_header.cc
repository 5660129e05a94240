#include "image/jxl/jxl_header.h"

#include <array>

namespace imgpeek {
namespace {

// D.3.5: colour spaces, and what else the encoding is made of.
constexpr std::uint32_t kGrey = 1;
constexpr std::uint32_t kXyb = 2;
constexpr std::uint32_t kCustomPoint = 2;
constexpr std::uint32_t kCustomPrimaries = 2;
// D.3.6: types of extra channels.
constexpr std::uint32_t kSpotColour = 2;
constexpr std::uint32_t kColourFilterArray = 5;
// D.3.2 allows an orientation of 1 + u(3).
constexpr unsigned kOrientationBits = 3;

// D.2: a width as a ratio of the height.
std::uint32_t apply_ratio(std::uint32_t height, std::uint32_t ratio) {
  struct Ratio {
    std::uint64_t numerator;
    std::uint64_t denominator;
  };
  static constexpr std::array<Ratio, 8> kRatios = {
      {{1, 1}, {1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1}}};
  const Ratio& by = kRatios[ratio & 7U];
  return static_cast<std::uint32_t>(height * by.numerator / by.denominator);
}

std::uint32_t read_side(JxlBits& bits, bool div8) {
  if (div8) return 8 * (1 + bits.bits(5));
  return bits.u32({1, 9}, {1, 13}, {1, 18}, {1, 30});
}

std::uint32_t read_preview_side(JxlBits& bits, bool div8) {
  if (div8) return 8 * bits.u32({16}, {32}, {1, 5}, {33, 9});
  return bits.u32({1, 6}, {65, 8}, {321, 10}, {1345, 12});
}

template <typename ReadSide>
JxlSize read_size(JxlBits& bits, ReadSide read) {
  JxlSize size;
  const bool div8 = bits.flag();
  size.height = read(bits, div8);
  const std::uint32_t ratio = bits.bits(3);
  size.width = ratio == 0 ? read(bits, div8) : apply_ratio(size.height, ratio);
  return size;
}

// D.3.4.
void read_animation(JxlBits& bits, JxlMetadata& metadata) {
  metadata.animated = true;
  bits.u32({100}, {1000}, {1, 10}, {1, 30});  // ticks per second, numerator
  bits.u32({1}, {1001}, {1, 8}, {1, 10});     // denominator
  bits.u32({0}, {0, 3}, {0, 16}, {0, 32});    // loops
  metadata.timecodes = bits.flag();
}

// D.3.3.
JxlBitDepth read_depth(JxlBits& bits) {
  JxlBitDepth depth;
  if (bits.flag()) {
    depth.bits = bits.u32({32}, {16}, {24}, {1, 6});
    depth.exponent_bits = 1 + bits.bits(4);
  } else {
    depth.bits = bits.u32({8}, {10}, {12}, {1, 6});
  }
  return depth;
}

// D.3.6.
JxlExtraChannel read_extra_channel(JxlBits& bits) {
  JxlExtraChannel channel;
  if (bits.flag()) return channel;
  channel.type = bits.enumeration();
  channel.depth = read_depth(bits);
  bits.u32({0}, {3}, {4}, {1, 3});  // dim_shift
  const std::uint32_t name = bits.u32({0}, {0, 4}, {16, 5}, {48, 10});
  bits.skip(std::size_t{name} * 8);
  if (channel.type == kJxlAlpha) bits.flag();                       // alpha_associated
  if (channel.type == kSpotColour) bits.skip(std::size_t{4} * 16);  // red, green, blue, solidity
  if (channel.type == kColourFilterArray) bits.u32({1}, {0, 2}, {3, 4}, {19, 8});
  return channel;
}

// D.3.5: a pair of chromaticities.
void skip_point(JxlBits& bits) {
  for (int i = 0; i < 2; ++i) bits.u32({0, 19}, {524288, 19}, {1048576, 20}, {2097152, 21});
}

// D.3.5, from after `want_icc` and the colour space.
void skip_colour_encoding(JxlBits& bits, const JxlMetadata& metadata, std::uint32_t space) {
  if (metadata.icc) return;
  if (space != kXyb) {
    if (bits.enumeration() == kCustomPoint) skip_point(bits);
    if (space != kGrey && bits.enumeration() == kCustomPrimaries) {
      for (int i = 0; i < 3; ++i) skip_point(bits);
    }
  }
  if (space != kXyb) {
    if (bits.flag()) {
      bits.bits(24);  // gamma
    } else {
      bits.enumeration();  // transfer function
    }
  }
  bits.enumeration();  // rendering intent
}

// D.3.7 and annex B.3: ToneMapping and Extensions.
void skip_tone_mapping(JxlBits& bits) {
  if (bits.flag()) return;
  bits.skip(16 + 16);
  bits.flag();
  bits.skip(16);
}

}  // namespace

JxlSize read_jxl_size(JxlBits& bits) { return read_size(bits, read_side); }

void skip_jxl_extensions(JxlBits& bits) {
  std::uint64_t extensions = bits.u64();
  std::uint64_t length = 0;
  for (; extensions != 0; extensions &= extensions - 1) length += bits.u64();
  bits.skip(static_cast<std::size_t>(length));
}

JxlMetadata read_jxl_metadata(JxlBits& bits, bool whole) {
  JxlMetadata metadata;
  const bool all_default = bits.flag();
  if (!all_default) {
    const bool extra_fields = bits.flag();
    if (extra_fields) {
      metadata.orientation = 1 + bits.bits(kOrientationBits);
      if (bits.flag()) read_jxl_size(bits);  // intrinsic size
      if (bits.flag()) metadata.preview = read_size(bits, read_preview_side);
      if (bits.flag()) read_animation(bits, metadata);
    }
    metadata.depth = read_depth(bits);
    bits.flag();  // modular_16bit_buffers
    const std::uint32_t extra_channels = bits.u32({0}, {1}, {2, 4}, {1, 12});
    for (std::uint32_t i = 0; i < extra_channels; ++i) {
      metadata.extra_channels.push_back(read_extra_channel(bits));
    }
    metadata.xyb = bits.flag();
    std::uint32_t space = 0;
    const bool default_encoding = bits.flag();
    if (!default_encoding) {
      metadata.icc = bits.flag();
      space = bits.enumeration();
      metadata.grey = space == kGrey;
    }
    if (!whole) return metadata;
    if (!default_encoding) skip_colour_encoding(bits, metadata, space);
    if (extra_fields) skip_tone_mapping(bits);
    skip_jxl_extensions(bits);
  }
  return metadata;
}

}  // namespace imgpeek
