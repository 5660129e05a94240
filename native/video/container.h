// The registry of containers: how each is known, and what of it libavformat must be shown.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "info.h"
#include "metadata/blocks.h"
#include "video/view.h"

namespace imgpeek {

struct PictureSize {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
};

// What a planner read of a stream itself; it counts for more than what libavformat says.
struct StreamFacts {
  int id = 0;                       // AVStream::id
  std::optional<double> duration;   // seconds
  std::optional<std::int64_t> bps;  // bits a second
  std::optional<double> fps;        // pictures a second
  std::optional<int> sample_rate;   // Hz
  std::optional<int> channels;
};

// What libavformat must do with the packets in the view.
enum class Packets {
  kNone,     // the header says it all
  kRead,     // streams are known by their first packets
  kAnalyze,  // streams' parameters are in the packets
};

// What to read of a file, and what is known of it already.
struct Plan {
  // What libavformat is shown, all of it required. Empty: `picture` says all that is wanted.
  View view;
  Packets packets = Packets::kNone;
  // The time base of video streams is the time of one frame.
  bool frame_time_base = false;
  // A further attempt would show more.
  bool more = false;
  // The picture as shown, where the planner found it.
  std::optional<PictureSize> picture;
  std::vector<StreamFacts> streams;
  std::optional<double> duration;  // of the whole, in seconds
  std::optional<double> fps;       // of its pictures
};

// Plans what to read; throws Missing, or Malformed where the bytes cannot be that container. Puts
// the metadata blocks that `wanted` asks for into `blocks`. `attempt` counts from 0: where an
// attempt left streams without parameters, the next one shows more.
using PlanContainer = Plan (*)(Bytes& bytes, const Wanted& wanted, unsigned attempt,
                               MetadataBlocks& blocks);

// The MIME type by content. `moving` where there is a video stream besides attached pictures.
using MimeType = std::string_view (*)(Bytes& bytes, bool moving);

struct Container {
  const char* demuxer;  // libavformat's short name
  bool (*sniff)(Bytes& bytes);
  PlanContainer plan;
  std::string_view video_type;   // MIME types, with moving pictures and with sound and a cover;
  std::string_view audio_type;   // unless
  MimeType mime_type = nullptr;  // tells them by content
};

// The container of the file, or nullptr. Reads a few bytes at the file's start, and beyond an ID3v2
// tag. Throws Missing.
const Container* sniff_container(Bytes& bytes);

// ISO base media and QuickTime: MP4, MOV, 3GP, M4A (ISO/IEC 14496-12, QTFF).
bool is_mov(Bytes& bytes);
Plan plan_mov(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);
std::string_view mov_mime_type(Bytes& bytes, bool moving);

// Matroska and WebM (RFC 9559).
bool is_matroska(Bytes& bytes);
Plan plan_matroska(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);
std::string_view matroska_mime_type(Bytes& bytes, bool moving);

// AVI (Microsoft RIFF, OpenDML).
bool is_avi(Bytes& bytes);
Plan plan_avi(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

// WAVE and AIFF with a picture in an ID3v2 chunk.
bool is_wav(Bytes& bytes);
bool is_aiff(Bytes& bytes);
Plan plan_wave(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

// Flash video (Adobe FLV 10.1).
bool is_flv(Bytes& bytes);
Plan plan_flv(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

// Advanced Systems Format: WMV, WMA.
bool is_asf(Bytes& bytes);
Plan plan_asf(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

// Material Exchange Format (SMPTE ST 377-1).
bool is_mxf(Bytes& bytes);
Plan plan_mxf(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

// Ogg (RFC 3533).
bool is_ogg(Bytes& bytes);
Plan plan_ogg(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

// MPEG transport and programme streams (ISO/IEC 13818-1), and bare MPEG-1 and MPEG-2 video (ISO/IEC
// 11172-2, 13818-2).
bool is_mpegts(Bytes& bytes);
bool is_mpegps(Bytes& bytes);
bool is_mpegvideo(Bytes& bytes);
Plan plan_mpeg(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

// FLAC, and MPEG audio behind an ID3v2 tag, with a picture.
bool is_flac(Bytes& bytes);
Plan plan_flac(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);
bool is_mp3(Bytes& bytes);
bool is_aac(Bytes& bytes);
Plan plan_id3(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

// IVF and YUV4MPEG2: a header and bare frames.
bool is_ivf(Bytes& bytes);
bool is_yuv4mpeg(Bytes& bytes);
Plan plan_headed(Bytes& bytes, const Wanted& wanted, unsigned attempt, MetadataBlocks& blocks);

}  // namespace imgpeek
