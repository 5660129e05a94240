#include "video/layout.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
}

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace imgpeek {
namespace {

// By the number of channels, from 1 on; 0 where the codec leaves it to the stream.
using Layouts = std::array<std::uint64_t, 8>;

// ISO/IEC 14496-3, table 1.19, as decoders order it (7.1 with side channels for what encoders write
// as configuration 7).
constexpr Layouts kAac = {AV_CH_LAYOUT_MONO,         AV_CH_LAYOUT_STEREO,
                          AV_CH_LAYOUT_SURROUND,     AV_CH_LAYOUT_4POINT0,
                          AV_CH_LAYOUT_5POINT0_BACK, AV_CH_LAYOUT_5POINT1_BACK,
                          AV_CH_LAYOUT_6POINT1_BACK, AV_CH_LAYOUT_7POINT1};
// Vorbis I, 4.3.9, and RFC 7845, 5.1.1.2.
constexpr Layouts kVorbis = {AV_CH_LAYOUT_MONO,         AV_CH_LAYOUT_STEREO,
                             AV_CH_LAYOUT_SURROUND,     AV_CH_LAYOUT_QUAD,
                             AV_CH_LAYOUT_5POINT0_BACK, AV_CH_LAYOUT_5POINT1_BACK,
                             AV_CH_LAYOUT_6POINT1,      AV_CH_LAYOUT_7POINT1};
// RFC 9639, 9.1.3.
constexpr Layouts kFlac = {AV_CH_LAYOUT_MONO,         AV_CH_LAYOUT_STEREO,
                           AV_CH_LAYOUT_SURROUND,     AV_CH_LAYOUT_QUAD,
                           AV_CH_LAYOUT_5POINT0_BACK, AV_CH_LAYOUT_5POINT1_BACK,
                           AV_CH_LAYOUT_6POINT1,      AV_CH_LAYOUT_7POINT1};
// ETSI TS 102 366 and 102 114: three, four and five channels can stand for several layouts.
constexpr Layouts kDolby = {
    AV_CH_LAYOUT_MONO, AV_CH_LAYOUT_STEREO, 0, 0, 0, AV_CH_LAYOUT_5POINT1, 0, AV_CH_LAYOUT_7POINT1};
// Codecs of two channels at the most.
constexpr Layouts kTwo = {AV_CH_LAYOUT_MONO, AV_CH_LAYOUT_STEREO, 0, 0, 0, 0, 0, 0};

// ISO/IEC 14496-3, tables 1.18 and 1.19.
constexpr std::array kAacRates = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                  22050, 16000, 12000, 11025, 8000,  7350};
constexpr std::array kAacChannels = {0, 1, 2, 3, 4, 5, 6, 8};

const Layouts* layouts_of(AVCodecID codec) {
  switch (codec) {
    case AV_CODEC_ID_AAC:
    case AV_CODEC_ID_AAC_LATM:
    case AV_CODEC_ID_ALAC:
      return &kAac;
    case AV_CODEC_ID_VORBIS:
    case AV_CODEC_ID_OPUS:
      return &kVorbis;
    case AV_CODEC_ID_FLAC:
      return &kFlac;
    case AV_CODEC_ID_AC3:
    case AV_CODEC_ID_EAC3:
    case AV_CODEC_ID_DTS:
    case AV_CODEC_ID_TRUEHD:
    case AV_CODEC_ID_MLP:
      return &kDolby;
    case AV_CODEC_ID_MP1:
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
    case AV_CODEC_ID_AMR_NB:
    case AV_CODEC_ID_AMR_WB:
    case AV_CODEC_ID_QDM2:
    case AV_CODEC_ID_QDMC:
      return &kTwo;
    default:
      return nullptr;
  }
}

}  // namespace

std::string layout_name(const AVCodecParameters& codec) {
  AVChannelLayout layout{};
  const AVChannelLayout* described = &codec.ch_layout;
  if (described->order == AV_CHANNEL_ORDER_UNSPEC) {
    const Layouts* layouts = layouts_of(codec.codec_id);
    const int channels = described->nb_channels;
    if (layouts == nullptr || channels < 1 || channels > static_cast<int>(layouts->size())) {
      return {};
    }
    const std::uint64_t mask = (*layouts)[static_cast<std::size_t>(channels) - 1];
    if (mask == 0 || av_channel_layout_from_mask(&layout, mask) < 0) return {};
    described = &layout;
  }
  std::array<char, 128> name{};
  if (av_channel_layout_describe(described, name.data(), name.size()) < 0) return {};
  return name.data();
}

void read_aac_configuration(AVCodecParameters& codec) {
  if (codec.codec_id != AV_CODEC_ID_AAC || codec.extradata_size < 2) return;
  // 5 bits of object type, 4 of frequency index, 4 of channel configuration; longer forms of the
  // first two are rare and left alone.
  const unsigned bits = static_cast<unsigned>(codec.extradata[0]) << 8U | codec.extradata[1];
  const unsigned type = bits >> 11U;
  const unsigned rate = bits >> 7U & 0xFU;
  const unsigned channels = bits >> 3U & 0xFU;
  constexpr unsigned kMain = 1;
  constexpr unsigned kLtp = 4;
  if (type < kMain || type > kLtp || rate >= kAacRates.size()) return;
  codec.sample_rate = kAacRates[rate];
  if (channels == 0 || channels >= kAacChannels.size()) return;
  av_channel_layout_uninit(&codec.ch_layout);  // leaves it zeroed: of no order
  codec.ch_layout.nb_channels = kAacChannels[channels];
}

}  // namespace imgpeek
