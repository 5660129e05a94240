#include "video/frame_pixels.h"

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "pixels/undecodable.h"

namespace imgpeek {
namespace {

constexpr int kFirstHighLine = 720;
constexpr double kMost = 255;

// The weights of red and blue in luma (H.273, table 4).
struct LumaWeights {
  double red;
  double blue;
};
constexpr LumaWeights kBt709{0.2126, 0.0722};
constexpr LumaWeights kBt601{0.299, 0.114};
constexpr LumaWeights kBt2020{0.2627, 0.0593};
constexpr LumaWeights kFcc{0.30, 0.11};
constexpr LumaWeights kSmpte240{0.212, 0.087};

LumaWeights weights_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return kBt709;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
      return kBt601;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return kBt2020;
    case AVCOL_SPC_FCC:
      return kFcc;
    case AVCOL_SPC_SMPTE240M:
      return kSmpte240;
    default:
      return frame.height >= kFirstHighLine ? kBt709 : kBt601;
  }
}

bool is_full_range(const AVFrame& frame) {
  switch (frame.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P:
      return true;
    default:
      return frame.color_range == AVCOL_RANGE_JPEG;
  }
}

std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, kMost)));
}

// The samples of one component in one row, each as it stands in the frame.
std::span<const std::uint16_t> read_row(const AVFrame& frame, const AVPixFmtDescriptor& format,
                                        int component, int row, std::vector<std::uint16_t>& into) {
  const bool is_chroma = component == 1 || component == 2;
  const int width = is_chroma ? AV_CEIL_RSHIFT(frame.width, format.log2_chroma_w) : frame.width;
  const int at = is_chroma ? row >> format.log2_chroma_h : row;
  into.resize(static_cast<std::size_t>(width));
  const std::array<const std::uint8_t*, 4> data = {frame.data[0], frame.data[1], frame.data[2],
                                                   frame.data[3]};
  av_read_image_line2(into.data(), const_cast<const std::uint8_t**>(data.data()),  // NOLINT
                      frame.linesize, &format, 0, at, component, width, 0, sizeof into[0]);
  return into;
}

// Samples of 0 to 1, and chroma of -0.5 to 0.5 (H.273, 8.3).
class Scale {
 public:
  Scale(int depth, bool full) {
    const double step = std::exp2(depth - 8);
    luma_from_ = full ? 0 : 16 * step;
    luma_to_ = full ? std::exp2(depth) - 1 : 219 * step;
    chroma_from_ = 128 * step;
    chroma_to_ = full ? std::exp2(depth) - 1 : 224 * step;
  }
  double luma(std::uint16_t sample) const { return (sample - luma_from_) / luma_to_; }
  double chroma(std::uint16_t sample) const { return (sample - chroma_from_) / chroma_to_; }

 private:
  double luma_from_;
  double luma_to_;
  double chroma_from_;
  double chroma_to_;
};

void append(std::vector<std::uint8_t>& rgba, double red, double green, double blue) {
  for (const double value : {red, green, blue}) rgba.push_back(to_byte(value * kMost));
  rgba.push_back(static_cast<std::uint8_t>(kMost));
}

}  // namespace

Pixels to_pixels(const AVFrame& frame) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  constexpr std::uint64_t kUnread = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL |
                                    AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_FLOAT |
                                    AV_PIX_FMT_FLAG_BAYER;
  if (format == nullptr || (format->flags & kUnread) != 0 || frame.width <= 0 ||
      frame.height <= 0) {
    throw Undecodable("a frame of pixels that are not read");
  }
  const bool rgb = (format->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  const bool grey = format->nb_components < 3;
  const Scale scale(format->comp[0].depth, rgb || is_full_range(frame));
  const LumaWeights weights = weights_of(frame);
  const double green = 1 - weights.red - weights.blue;

  Pixels pixels;
  pixels.width = static_cast<unsigned>(frame.width);
  pixels.height = static_cast<unsigned>(frame.height);
  pixels.rgba.reserve(std::size_t{4} * pixels.width * pixels.height);
  std::array<std::vector<std::uint16_t>, 3> rows;
  for (int y = 0; y < frame.height; ++y) {
    const auto first = read_row(frame, *format, 0, y, rows[0]);
    const auto second = grey ? first : read_row(frame, *format, 1, y, rows[1]);
    const auto third = grey ? first : read_row(frame, *format, 2, y, rows[2]);
    for (std::size_t x = 0; x < pixels.width; ++x) {
      const double luma = scale.luma(first[x]);
      if (grey || rgb) {
        append(pixels.rgba, luma, scale.luma(second[x]), scale.luma(third[x]));
        continue;
      }
      const std::size_t at = x >> format->log2_chroma_w;
      const double cb = scale.chroma(second[at]);
      const double cr = scale.chroma(third[at]);
      const double r = luma + 2 * (1 - weights.red) * cr;
      const double b = luma + 2 * (1 - weights.blue) * cb;
      append(pixels.rgba, r, (luma - weights.red * r - weights.blue * b) / green, b);
    }
  }
  return pixels;
}

}  // namespace imgpeek
