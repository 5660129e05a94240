#include "video/picture.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/display.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "bytes.h"
#include "formats.h"
#include "turn.h"

namespace imgpeek {
namespace {

bool is_attached(const AVStream& stream) {
  return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

std::span<AVStream* const> streams_of(const AVFormatContext& format) {
  return {format.streams, format.nb_streams};
}

// The nine numbers of the display matrix that libavformat holds for the stream, if any.
const std::uint8_t* display_matrix(const AVStream& stream) {
  constexpr std::size_t kLength = 9 * sizeof(std::int32_t);
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVCodecParameters& codec = *stream.codecpar;
  const AVPacketSideData* data = av_packet_side_data_get(
      codec.coded_side_data, codec.nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  return data == nullptr || data->size < kLength ? nullptr : data->data;
#else
  std::size_t length = 0;
  const std::uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &length);
  return length < kLength ? nullptr : data;
#endif
}

// Quarters of a turn, against the clock, that the stream's pictures are shown by.
long quarters(const AVStream& stream) {
  const std::uint8_t* data = display_matrix(stream);
  if (data == nullptr) return 0;
  std::array<std::int32_t, 9> matrix{};
  std::copy_n(data, sizeof matrix, reinterpret_cast<std::uint8_t*>(matrix.data()));  // NOLINT
  const double degrees = av_display_rotation_get(matrix.data());
  return std::isfinite(degrees) ? std::lround(degrees / 90) : 0;
}

bool is_transposed(const AVStream& stream) { return quarters(stream) % 2 != 0; }

// An attached picture is a whole image file: our own readers know its size.
std::optional<PictureSize> read_attached(const AVStream& stream) {
  const AVPacket& packet = stream.attached_pic;
  if (packet.data == nullptr || packet.size <= 0) return std::nullopt;
  const ByteSpan data(packet.data, static_cast<std::size_t>(packet.size));
  Bytes bytes({{.offset = 0, .data = data}}, data.size(), true);
  Wanted size_only{.exif = false, .iptc = false, .xmp = false, .video_meta = false};
  try {
    const Format* format = sniff_image(bytes);
    if (format == nullptr) return std::nullopt;
    Image image;
    format->read(bytes, size_only, image);
    if (image.width != 0 && image.height != 0) return PictureSize{image.width, image.height};
  } catch (const Malformed&) {
    // A damaged cover has no size.
  } catch (const Missing&) {
    // Nor has one that was cut.
  }
  return std::nullopt;
}

std::optional<PictureSize> size_of(const AVStream& stream) {
  const AVCodecParameters& codec = *stream.codecpar;
  if (codec.width <= 0 || codec.height <= 0) return std::nullopt;
  PictureSize size{static_cast<std::uint64_t>(codec.width),
                   static_cast<std::uint64_t>(codec.height)};
  if (is_transposed(stream)) std::swap(size.width, size.height);
  return size;
}

}  // namespace

int read_orientation(const AVStream& stream) {
  return orientation_of_turn(static_cast<std::int32_t>(quarters(stream) % 4) * -90);
}

bool has_moving_picture(const AVFormatContext& format) {
  return std::ranges::any_of(streams_of(format), [](const AVStream* stream) {
    return stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !is_attached(*stream);
  });
}

std::optional<PictureSize> read_picture_size(const AVFormatContext& format) {
  for (const AVStream* stream : streams_of(format)) {
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO || is_attached(*stream)) continue;
    if (const auto size = size_of(*stream)) return size;
  }
  for (const AVStream* stream : streams_of(format)) {
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO || !is_attached(*stream)) continue;
    if (const auto size = read_attached(*stream)) return size;
    if (const auto size = size_of(*stream)) return size;
  }
  return std::nullopt;
}

}  // namespace imgpeek
