#include "video/frame.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "formats.h"
#include "pixels/shrink.h"
#include "pixels/undecodable.h"
#include "video/container.h"
#include "video/demuxer.h"
#include "video/frame_pixels.h"
#include "video/picture.h"

namespace imgpeek {
namespace {

// The decoders that may see a frame.
constexpr char kDecoders[] =
    "h264,hevc,vp8,vp9,libdav1d,mpeg1video,mpeg2video,mpeg4,msmpeg4,msmpeg4v2,msmpeg4v1,h263,h263i,"
    "h263p,flv,vp6,vp6f,vp6a,vc1,wmv1,wmv2,wmv3,theora,mjpeg,prores,dnxhd,ffv1,rawvideo,png";

// Frames beyond the one that is looked for, by the order in which they are stored: those that are
// shown before it may come after it (H.264, A.3.1: 16 at the most).
constexpr int kReordered = 17;
// Of one group of pictures: some have a keyframe in ten seconds only.
constexpr std::size_t kMaxPackets = 2'000;
constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 20U;

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct FreeDecoder {
  void operator()(AVCodecContext* decoder) const { avcodec_free_context(&decoder); }
};
using Packet = std::unique_ptr<AVPacket, FreePacket>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;
using Decoder = std::unique_ptr<AVCodecContext, FreeDecoder>;

Packet make_packet() {
  Packet packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

Frame make_frame() {
  Frame frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

bool is_attached(const AVStream& stream) {
  return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
}

// The stream of moving pictures, else that of a cover, else none.
AVStream* find_stream(const AVFormatContext& format) {
  AVStream* cover = nullptr;
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    AVStream* stream = format.streams[i];
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO) continue;
    if (!is_attached(*stream)) return stream;
    if (cover == nullptr) cover = stream;
  }
  return cover;
}

bool is_known(const AVStream* stream) {
  if (stream == nullptr) return false;
  const AVCodecParameters& codec = *stream->codecpar;
  return is_attached(*stream) || (codec.codec_id != AV_CODEC_ID_NONE && codec.width > 0);
}

// A cover is an image file of its own.
Pixels decode_cover(const AVStream& stream, const DecodeLimits& limits, unsigned side) {
  const AVPacket& packet = stream.attached_pic;
  if (packet.data == nullptr || packet.size <= 0) throw Undecodable("an empty cover");
  const ByteSpan file(packet.data, static_cast<std::size_t>(packet.size));
  Bytes bytes({{.offset = 0, .data = file}}, file.size(), true);
  const Format* format = sniff_image(bytes);
  if (format == nullptr) throw Undecodable("a cover that is no image");
  return decode({.file = file, .format = format->name}, limits, side).pixels;
}

constexpr double kSlack = 1e-6;

// How many seconds earlier a keyframe is looked for, one after the other, where no index tells of
// it: most films have one in two seconds.
constexpr std::array<double, 2> kEarlier = {2, 10};

// The second in the stream's time; within its duration, where that is told.
std::int64_t to_time(const AVFormatContext& format, const AVStream& stream, double second) {
  const double base = av_q2d(stream.time_base);
  double duration = stream.duration > 0 ? static_cast<double>(stream.duration) * base : 0;
  if (duration <= 0 && format.duration > 0) {
    duration = static_cast<double>(format.duration) / AV_TIME_BASE;
  }
  if (duration > 0) second = std::min(second, duration);
  const std::int64_t start = stream.start_time == AV_NOPTS_VALUE ? 0 : stream.start_time;
  // A frame that is as good as at the second counts: neither is told exactly.
  const double ticks = base > 0 ? std::ceil(second / base - kSlack) : 0;
  constexpr double kMaxTicks = 1e15;
  return start + static_cast<std::int64_t>(std::min(ticks, kMaxTicks));
}

// The last keyframe before `time` of which an index tells; below 0 for none.
int indexed_keyframe(AVStream& stream, std::int64_t time) {
  return av_index_search_timestamp(&stream, time, AVSEEK_FLAG_BACKWARD);
}

bool is_keyframe(const Packet& packet) { return (packet->flags & AV_PKT_FLAG_KEY) != 0; }

bool begin_with_keyframe(const std::vector<Packet>& packets) {
  return !packets.empty() && is_keyframe(packets.front());
}

// Requires at once the frames that an index names from the last keyframe before `time` on. Without
// an index they are met one after the other.
void require_frames(Bytes& bytes, AVStream& stream, std::int64_t time, bool keyframe_only) {
  const int first = indexed_keyframe(stream, time);
  if (first < 0) return;
  std::vector<Range> ranges;
  std::uint64_t sum = 0;
  int beyond = 0;
  const int count = avformat_index_get_entries_count(&stream);
  for (int i = first; i < count && beyond < kReordered; ++i) {
    const AVIndexEntry* entry = avformat_index_get_entry(&stream, i);
    if (entry == nullptr || entry->pos < 0 || entry->size <= 0) break;
    if (entry->timestamp > time) ++beyond;
    ranges.push_back(
        {static_cast<std::uint64_t>(entry->pos), static_cast<std::uint64_t>(entry->size)});
    sum += ranges.back().length;
    if (keyframe_only || sum > kMaxBytes || ranges.size() >= kMaxPackets) break;
  }
  bytes.require(ranges);
}

// The packets from where the demuxer stands to the frame at `time` and those that it may wait for,
// or the first alone; but none before a keyframe that is still before `time`.
std::vector<Packet> read_packets(Demuxer& demuxer, const AVStream& stream, std::int64_t time,
                                 bool first_only) {
  std::vector<Packet> packets;
  std::uint64_t sum = 0;
  int beyond = 0;
  while (beyond < kReordered && packets.size() < kMaxPackets && sum < kMaxBytes) {
    Packet packet = make_packet();
    const int status = av_read_frame(&*demuxer, packet.get());
    demuxer.require_read();
    if (status < 0) break;
    if (packet->stream_index != stream.index) continue;
    const std::int64_t shown = packet->pts == AV_NOPTS_VALUE ? packet->dts : packet->pts;
    if (is_keyframe(packet) && shown != AV_NOPTS_VALUE && shown <= time) packets.clear();
    sum += static_cast<std::uint64_t>(std::max(packet->size, 0));
    const std::int64_t at = packet->dts == AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (at != AV_NOPTS_VALUE && at > time) ++beyond;
    packets.push_back(std::move(packet));
    if (first_only) break;
  }
  return packets;
}

Decoder open_decoder(const AVStream& stream, const DecodeLimits& limits) {
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr) throw Undecodable("no decoder of the film's codec");
  Decoder decoder(avcodec_alloc_context3(codec));
  if (!decoder) throw std::bad_alloc();
  if (avcodec_parameters_to_context(decoder.get(), stream.codecpar) < 0) {
    throw Undecodable("the film's parameters");
  }
  decoder->thread_count = 1;
  decoder->pkt_timebase = stream.time_base;
  decoder->max_pixels =
      static_cast<std::int64_t>(std::min<std::uint64_t>(limits.max_resolution, INT64_MAX));
  decoder->codec_whitelist = av_strdup(kDecoders);  // freed with the context
  if (decoder->codec_whitelist == nullptr) throw std::bad_alloc();
  if (avcodec_open2(decoder.get(), codec, nullptr) < 0) throw Undecodable("no decoder of the film");
  return decoder;
}

// Takes the frames that the decoder has; true once one of them is at `time` or beyond.
bool take_frames(AVCodecContext& decoder, std::int64_t time, Frame& found) {
  for (;;) {
    Frame frame = make_frame();
    if (avcodec_receive_frame(&decoder, frame.get()) < 0) return false;
    const std::int64_t at = frame->best_effort_timestamp;
    found = std::move(frame);
    if (at == AV_NOPTS_VALUE || at >= time) return true;
  }
}

// The frame at `time`, else the last one, else none.
Frame decode_packets(const AVStream& stream, const std::vector<Packet>& packets, std::int64_t time,
                     const DecodeLimits& limits) {
  const Decoder decoder = open_decoder(stream, limits);
  Frame found;
  for (const Packet& packet : packets) {
    if (std::chrono::steady_clock::now() > limits.deadline) throw Undecodable("its time is up");
    // What a decoder refuses it passes over, as after a cut.
    avcodec_send_packet(decoder.get(), packet.get());
    if (take_frames(*decoder, time, found)) return found;
  }
  avcodec_send_packet(decoder.get(), nullptr);
  take_frames(*decoder, time, found);
  return found;
}

void go_to_beginning(Demuxer& demuxer) {
  avformat_seek_file(&*demuxer, -1, 0, 0, 0, AVSEEK_FLAG_BYTE);
  demuxer.require_read();
}

// Whether the demuxer now stands at `time` or before it.
bool go_to(Demuxer& demuxer, const AVStream& stream, std::int64_t time) {
  const int status = av_seek_frame(&*demuxer, stream.index, time, AVSEEK_FLAG_BACKWARD);
  demuxer.require_read();
  return status >= 0;
}

// The packets from the keyframe before `time` on. Streams of packets have no index: where there is
// a keyframe is seen when its packet is read.
std::vector<Packet> find_packets(Demuxer& demuxer, const AVStream& stream, std::int64_t time) {
  const double base = av_q2d(stream.time_base);
  for (const double earlier : kEarlier) {
    const auto from = time - static_cast<std::int64_t>(earlier / base);
    if (from <= stream.start_time || !go_to(demuxer, stream, from)) break;
    std::vector<Packet> packets = read_packets(demuxer, stream, time, false);
    if (begin_with_keyframe(packets)) return packets;
  }
  go_to_beginning(demuxer);
  return read_packets(demuxer, stream, time, false);
}

// The frame at `time`, or the keyframe before it.
Frame read_frame(Demuxer& demuxer, Bytes& bytes, AVStream& stream, std::int64_t time,
                 bool keyframe_only, const DecodeLimits& limits) {
  std::vector<Packet> packets;
  if (go_to(demuxer, stream, time) && indexed_keyframe(stream, time) >= 0) {
    require_frames(bytes, stream, time, keyframe_only);
    packets = read_packets(demuxer, stream, time, keyframe_only);
  }
  if (!begin_with_keyframe(packets)) packets = find_packets(demuxer, stream, time);
  if (keyframe_only && packets.size() > 1) packets.resize(1);
  return decode_packets(stream, packets, keyframe_only ? INT64_MIN : time, limits);
}

}  // namespace

Pixels decode_frame(Bytes& bytes, const FrameWanted& wanted, const DecodeLimits& limits,
                    unsigned side) {
  const Container* container = sniff_container(bytes);
  if (container == nullptr) throw Undecodable("no film");
  Demuxer demuxer(bytes, container->demuxer,
                  {.decoders = kDecoders,
                   .probe_size = wanted.probe_size,
                   .max_analysis = wanted.max_analysis});
  AVStream* stream = find_stream(*demuxer);
  if (!is_known(stream)) {
    demuxer.analyze(wanted.probe_size);
    demuxer.require_read();
    stream = find_stream(*demuxer);
  }
  if (!is_known(stream)) throw Undecodable("no picture was found in the film within its limits");
  if (is_attached(*stream)) return decode_cover(*stream, limits, side);
  for (unsigned i = 0; i < demuxer->nb_streams; ++i) {
    if (demuxer->streams[i] != stream) demuxer->streams[i]->discard = AVDISCARD_ALL;
  }
  const std::int64_t time = to_time(*demuxer, *stream, wanted.second);
  const Frame frame = read_frame(demuxer, bytes, *stream, time, wanted.keyframe_only, limits);
  if (!frame) throw Undecodable("no frame of the film can be decoded");
  return upright(to_pixels(*frame), side, read_orientation(*stream));
}

}  // namespace imgpeek
