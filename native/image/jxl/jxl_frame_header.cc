#include "image/jxl/jxl_frame_header.h"

#include <algorithm>
#include <array>
#include <bit>

#include "image/jxl/jxl_entropy.h"

namespace imgpeek {
namespace {

enum class FrameType : std::uint32_t { kRegular, kLowFrequency, kReference, kSkipProgressive };
enum class BlendMode : std::uint32_t { kReplace, kAdd, kBlend, kAlphaWeightedAdd, kMultiply };

// F.2, table F.3: a bit of the frame's flags.
constexpr std::uint64_t kUsesLowFrequencyFrame = 0x20;
constexpr unsigned kF16 = 16;  // bits
constexpr std::uint64_t kBlock = 8;
constexpr std::uint64_t kMaxSections = 65536;
constexpr std::size_t kPermutationContexts = 8;

// What a header tells that sections and other fields depend on, with the defaults.
struct FrameHeader {
  FrameType type = FrameType::kRegular;
  bool modular = false;
  bool ycbcr = false;
  unsigned horizontal_shift = 0;  // of the most subsampled channel
  unsigned vertical_shift = 0;
  std::uint32_t upsampling = 1;
  unsigned group_size_shift = 1;
  std::uint32_t passes = 1;
  std::uint32_t low_frequency_level = 0;
  JxlSize size;
  bool partial = false;
  bool replaces = true;
  std::uint32_t duration = 0;
  bool last = true;

  bool is_picture() const {
    return type == FrameType::kRegular || type == FrameType::kSkipProgressive;
  }
};

void read_subsampling(JxlBits& bits, FrameHeader& frame) {
  static constexpr std::array<std::uint8_t, 4> kHorizontal = {0, 1, 1, 0};
  static constexpr std::array<std::uint8_t, 4> kVertical = {0, 1, 0, 1};
  for (int channel = 0; channel < 3; ++channel) {
    const std::uint32_t mode = bits.bits(2);
    frame.horizontal_shift = std::max<unsigned>(frame.horizontal_shift, kHorizontal.at(mode));
    frame.vertical_shift = std::max<unsigned>(frame.vertical_shift, kVertical.at(mode));
  }
}

// F.2, table F.5.
void read_passes(JxlBits& bits, FrameHeader& frame) {
  frame.passes = bits.u32({1}, {2}, {3}, {4, 3});
  if (frame.passes == 1) return;
  const std::uint32_t downsampled = bits.u32({0}, {1}, {2}, {3, 1});
  bits.skip(std::size_t{2} * (frame.passes - 1));  // shifts
  for (std::uint32_t i = 0; i < downsampled; ++i) bits.u32({1}, {2}, {4}, {8});
  for (std::uint32_t i = 0; i < downsampled; ++i) bits.u32({0}, {1}, {2}, {0, 3});
}

std::uint32_t read_crop_field(JxlBits& bits) {
  return bits.u32({0, 8}, {256, 11}, {2304, 14}, {18688, 30});
}

// A signed offset: even numbers are positive, odd ones negative.
std::int64_t read_crop_offset(JxlBits& bits) {
  const std::int64_t packed = read_crop_field(bits);
  return (packed & 1) != 0 ? -(packed + 1) / 2 : packed / 2;
}

void read_crop(JxlBits& bits, FrameHeader& frame) {
  if (frame.type == FrameType::kLowFrequency || !bits.flag()) return;
  const JxlSize whole = frame.size;
  std::int64_t left = 0;
  std::int64_t top = 0;
  if (frame.is_picture()) {
    left = read_crop_offset(bits);
    top = read_crop_offset(bits);
  }
  frame.size.width = read_crop_field(bits);
  frame.size.height = read_crop_field(bits);
  if (frame.size.width == 0 || frame.size.height == 0) throw Malformed("jxl: an empty frame");
  frame.partial =
      frame.is_picture() && (left > 0 || top > 0 || left + frame.size.width < whole.width ||
                             top + frame.size.height < whole.height);
}

// F.2, table F.4.
BlendMode read_blending(JxlBits& bits, const FrameHeader& frame, std::size_t extra_channels) {
  const auto mode = static_cast<BlendMode>(bits.u32({0}, {1}, {2}, {3, 2}));
  const bool by_alpha =
      extra_channels > 0 && (mode == BlendMode::kBlend || mode == BlendMode::kAlphaWeightedAdd);
  if (by_alpha) bits.u32({0}, {1}, {2}, {3, 3});                   // alpha channel
  if (by_alpha || mode == BlendMode::kMultiply) bits.flag();       // clamp
  if (mode != BlendMode::kReplace || frame.partial) bits.bits(2);  // source
  return mode;
}

// F.2, from the blending up to the last frame's flag.
void read_display(JxlBits& bits, const JxlMetadata& metadata, FrameHeader& frame) {
  frame.last = false;
  if (!frame.is_picture()) return;
  const std::size_t extra_channels = metadata.extra_channels.size();
  frame.replaces = read_blending(bits, frame, extra_channels) == BlendMode::kReplace;
  for (std::size_t i = 0; i < extra_channels; ++i) read_blending(bits, frame, extra_channels);
  if (metadata.animated) {
    frame.duration = bits.u32({0}, {1}, {0, 8}, {0, 32});
    if (metadata.timecodes) bits.bits(32);
  }
  frame.last = bits.flag();
}

void read_saving(JxlBits& bits, const FrameHeader& frame) {
  if (frame.type == FrameType::kLowFrequency) return;
  const std::uint32_t slot = frame.last ? 0 : bits.bits(2);
  const bool can_be_referenced = !frame.last && (frame.duration == 0 || slot != 0);
  const bool replaces_all = frame.is_picture() && frame.replaces && !frame.partial;
  if ((can_be_referenced && replaces_all) || frame.type == FrameType::kReference) {
    bits.flag();  // save_before_ct
  }
}

// F.2, table F.7: RestorationFilter.
void skip_restoration_filter(JxlBits& bits, bool modular) {
  if (bits.flag()) return;
  const bool gaborish = bits.flag();
  if (gaborish && bits.flag()) bits.skip(std::size_t{6} * kF16);
  const std::uint32_t iterations = bits.bits(2);
  if (iterations > 0) {
    if (!modular && bits.flag()) bits.skip(std::size_t{8} * kF16);      // sharpness
    if (bits.flag()) bits.skip(std::size_t{5} * kF16);                  // weights
    if (bits.flag()) bits.skip(std::size_t{modular ? 3U : 4U} * kF16);  // sigma
    if (modular) bits.skip(kF16);
  }
  skip_jxl_extensions(bits);
}

FrameHeader read_header(JxlBits& bits, const JxlSize& size, const JxlMetadata& metadata) {
  FrameHeader frame;
  frame.size = size;
  const bool all_default = bits.flag();
  if (all_default) return frame;
  frame.type = static_cast<FrameType>(bits.bits(2));
  frame.modular = bits.flag();
  const std::uint64_t flags = bits.u64();
  frame.ycbcr = !metadata.xyb && bits.flag();
  if ((flags & kUsesLowFrequencyFrame) == 0) {
    if (frame.ycbcr) read_subsampling(bits, frame);
    frame.upsampling = bits.u32({1}, {2}, {4}, {8});
    for (std::size_t i = 0; i < metadata.extra_channels.size(); ++i) bits.bits(2);
  }
  if (frame.modular) {
    frame.group_size_shift = bits.bits(2);
  } else if (metadata.xyb) {
    bits.bits(3 + 3);  // quantisation scales of X and B
  }
  if (frame.type != FrameType::kReference) read_passes(bits, frame);
  if (frame.type == FrameType::kLowFrequency) frame.low_frequency_level = 1 + bits.bits(2);
  read_crop(bits, frame);
  read_display(bits, metadata, frame);
  read_saving(bits, frame);
  const std::uint32_t name = bits.u32({0}, {0, 4}, {16, 5}, {48, 10});
  bits.skip(std::size_t{name} * 8);
  skip_restoration_filter(bits, frame.modular);
  skip_jxl_extensions(bits);
  return frame;
}

std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) { return (value + by - 1) / by; }

// F.3.1: the number of sections.
std::uint64_t count_sections(const FrameHeader& frame) {
  const std::uint64_t downsampled = std::uint64_t{1} << (3 * frame.low_frequency_level);
  const std::uint64_t group = std::uint64_t{128} << frame.group_size_shift;
  const auto side = [&](std::uint64_t length) {
    return divide_up(divide_up(length, downsampled), frame.upsampling);
  };
  const auto blocks = [](std::uint64_t length, unsigned shift) {
    return divide_up(length, kBlock << shift) << shift;
  };
  const std::uint64_t width = side(frame.size.width);
  const std::uint64_t height = side(frame.size.height);
  const std::uint64_t groups = divide_up(width, group) * divide_up(height, group);
  const std::uint64_t low_frequency_groups =
      divide_up(blocks(width, frame.horizontal_shift), group) *
      divide_up(blocks(height, frame.vertical_shift), group);
  if (groups == 1 && frame.passes == 1) return 1;
  return 2 + low_frequency_groups + groups * frame.passes;
}

// F.3.2: an order of the sections. Where they begin does not depend on it.
void skip_permutation(JxlBits& bits, std::uint64_t sections) {
  const auto context_of = [](std::uint64_t value) {
    return std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(value)),
                                 kPermutationContexts - 1);
  };
  JxlEntropy stream(bits, kPermutationContexts);
  const std::uint32_t end = stream.read(context_of(sections));
  if (end > sections) throw Malformed("jxl: a damaged order of sections");
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < end; ++i) last = stream.read(context_of(last));
  stream.finish();
}

}  // namespace

JxlFrame read_jxl_frame(JxlBits& bits, const JxlSize& size, const JxlMetadata& metadata) {
  const FrameHeader header = read_header(bits, size, metadata);
  const std::uint64_t sections = count_sections(header);
  if (sections > kMaxSections) throw Malformed("jxl: too many sections");
  const bool permuted = bits.flag();
  if (permuted) skip_permutation(bits, sections);
  bits.align();
  JxlFrame frame;
  for (std::uint64_t i = 0; i < sections; ++i) {
    frame.data_length += bits.u32({0, 10}, {1024, 14}, {17408, 22}, {4211712, 30});
  }
  bits.align();
  frame.last = header.last;
  // A frame without duration is merged into the next one.
  frame.shown = header.is_picture() && (header.last || header.duration != 0);
  return frame;
}

}  // namespace imgpeek
