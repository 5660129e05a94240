#include "video/streams.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
}

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "metadata/text.h"
#include "video/layout.h"

namespace imgpeek {
namespace {

// A time base is no frame rate: what libavformat gives above this is one.
constexpr double kMaxFrameRate = 1000;

// ISO/IEC 11172-2, 2.4.3.2: a bit rate of all ones, in units of 400 bit/s, stands for a variable
// one. libavformat takes it for a number, and divides the file's length by it.
bool has_variable_rate(const AVCodecParameters& codec) {
  constexpr std::int64_t kVariable = 0x3FFFF * std::int64_t{400};
  return codec.codec_id == AV_CODEC_ID_MPEG1VIDEO && codec.bit_rate == kVariable;
}

const StreamFacts* facts_of(const AVStream& stream, const Plan& plan) {
  for (const StreamFacts& facts : plan.streams) {
    if (facts.id == stream.id) return &facts;
  }
  return nullptr;
}

std::optional<std::string_view> tag(const AVStream& stream, const char* key) {
  const AVDictionaryEntry* entry = av_dict_get(stream.metadata, key, nullptr, 0);
  return entry == nullptr ? std::nullopt : std::optional<std::string_view>(entry->value);
}

// As ffprobe prints it: to the microsecond.
double to_microseconds(double seconds) { return std::round(seconds * 1e6) / 1e6; }

std::optional<double> duration_of(const AVFormatContext& format, const AVStream& stream,
                                  const StreamFacts* facts, const Plan& plan) {
  if (facts != nullptr && facts->duration) return facts->duration;
  if (format.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE &&
      has_variable_rate(*stream.codecpar)) {
    return std::nullopt;
  }
  if (stream.duration != AV_NOPTS_VALUE && stream.duration > 0) {
    return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  }
  // A subtitle's or a file's own duration is not that of the film.
  const AVMediaType type = stream.codecpar->codec_type;
  if (type != AVMEDIA_TYPE_VIDEO && type != AVMEDIA_TYPE_AUDIO) return std::nullopt;
  if (plan.duration) return plan.duration;
  if (format.duration != AV_NOPTS_VALUE && format.duration > 0) {
    return static_cast<double>(format.duration) / AV_TIME_BASE;
  }
  return std::nullopt;
}

std::optional<std::int64_t> bit_rate_of(const AVStream& stream, const StreamFacts* facts) {
  const AVCodecParameters& codec = *stream.codecpar;
  // Uncompressed sound.
  if (const std::int64_t bits = av_get_bits_per_sample(codec.codec_id);
      codec.codec_type == AVMEDIA_TYPE_AUDIO && bits > 0 && codec.sample_rate > 0 &&
      codec.ch_layout.nb_channels > 0) {
    return bits * codec.ch_layout.nb_channels * codec.sample_rate;
  }
  if (facts != nullptr && facts->bps) return facts->bps;
  if (codec.bit_rate > 0 && !has_variable_rate(codec)) return codec.bit_rate;
  // The statistics that Matroska muxers write (RFC 9559 leaves tag names to a registry).
  for (const char* key : {"BPS", "BPS-eng"}) {
    const std::optional<std::string_view> text = tag(stream, key);
    std::int64_t rate = 0;
    if (text &&
        std::from_chars(text->data(), text->data() + text->size(), rate).ec == std::errc() &&
        rate > 0) {
      return rate;
    }
  }
  return std::nullopt;
}

std::optional<double> frame_rate_of(const AVStream& stream, const StreamFacts* facts,
                                    const Plan& plan) {
  if ((stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) return std::nullopt;
  if (facts != nullptr && facts->fps) return facts->fps;
  if (plan.fps) return plan.fps;
  const AVRational by_time_base =
      plan.frame_time_base ? av_inv_q(stream.time_base) : AVRational{0, 1};
  for (const AVRational rate : {stream.avg_frame_rate, stream.r_frame_rate, by_time_base}) {
    if (rate.num > 0 && rate.den > 0 && av_q2d(rate) < kMaxFrameRate) return av_q2d(rate);
  }
  return std::nullopt;
}

void apply(const StreamFacts* facts, AVCodecParameters& codec) {
  if (facts == nullptr) return;
  if (facts->sample_rate) codec.sample_rate = *facts->sample_rate;
  if (facts->channels) {
    av_channel_layout_uninit(&codec.ch_layout);  // leaves it zeroed: of no order
    codec.ch_layout.nb_channels = *facts->channels;
  }
}

// Opus is decoded at one rate; containers tell that of the sound that was encoded (RFC 7845, 5.1).
int frequency_of(const AVCodecParameters& codec) {
  constexpr int kOpusRate = 48000;
  return codec.codec_id == AV_CODEC_ID_OPUS ? kOpusRate : codec.sample_rate;
}

Object read_stream(const AVFormatContext& format, const AVStream& stream, const Plan& plan) {
  const AVCodecParameters& codec = *stream.codecpar;
  const StreamFacts* facts = facts_of(stream, plan);
  Object out;
  const char* type = av_get_media_type_string(codec.codec_type);
  out.add("type", std::string(type == nullptr ? "unknown" : type));
  if (const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec.codec_id)) {
    out.add("codec", std::string(descriptor->name));
  }
  if (const auto duration = duration_of(format, stream, facts, plan)) {
    out.add("duration", to_microseconds(*duration));
  }
  if (const auto rate = bit_rate_of(stream, facts)) out.add("bps", *rate);
  if (codec.codec_type == AVMEDIA_TYPE_VIDEO) {
    if (const auto rate = frame_rate_of(stream, facts, plan)) out.add("fps", *rate);
  } else if (codec.codec_type == AVMEDIA_TYPE_AUDIO) {
    if (const int rate = frequency_of(codec); rate > 0) out.add("frequency", std::int64_t{rate});
    if (std::string layout = layout_name(codec); !layout.empty()) {
      out.add("layout", std::move(layout));
    }
  }
  if (const auto language = tag(stream, "language")) {
    if (std::string text = to_utf8(*language); !text.empty()) out.add("language", std::move(text));
  }
  return out;
}

}  // namespace

Array read_streams(AVFormatContext& format, const Plan& plan) {
  Array streams;
  for (const AVStream* stream : std::span(format.streams, format.nb_streams)) {
    apply(facts_of(*stream, plan), *stream->codecpar);
    if (plan.packets == Packets::kRead) read_aac_configuration(*stream->codecpar);
    streams.emplace_back(read_stream(format, *stream, plan));
  }
  return streams;
}

}  // namespace imgpeek
