#include "video/video.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "video/container.h"
#include "video/demuxer.h"
#include "video/picture.h"
#include "video/streams.h"
#include "video/tags.h"

namespace imgpeek {
namespace {

// Attempts at one file, each over more of it.
constexpr unsigned kMaxAttempts = 4;

// The longest block that libavformat may allocate: bytes claim tables of gigabytes.
constexpr std::size_t kMaxAllocation = 64U << 20U;

std::string_view mime_type_of(const Container& container, Bytes& bytes, bool moving) {
  if (container.mime_type != nullptr) return container.mime_type(bytes, moving);
  return moving ? container.video_type : container.audio_type;
}

// True where nothing that is wanted of the streams is left open.
bool is_complete(const AVFormatContext& format, const Plan& plan) {
  if (format.nb_streams == 0) return false;
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const AVStream& stream = *format.streams[i];
    const AVCodecParameters& codec = *stream.codecpar;
    if ((stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) continue;
    if (codec.codec_type == AVMEDIA_TYPE_AUDIO && codec.sample_rate <= 0) return false;
    if (codec.codec_type != AVMEDIA_TYPE_VIDEO) continue;
    const bool rate = stream.avg_frame_rate.num > 0 || plan.frame_time_base || plan.fps;
    if (!rate || ((codec.width <= 0 || codec.height <= 0) && !plan.picture)) return false;
  }
  return true;
}

// Fills `info` from one attempt. False where the next one may do better.
bool attempt_video(Bytes& bytes, const Wanted& wanted, const Container& container, const Plan& plan,
                   unsigned attempt, Info& info) {
  const bool more = plan.more && attempt + 1 < kMaxAttempts;
  std::optional<PictureSize> size = plan.picture;
  bool moving = size.has_value();
  if (plan.view.size() != 0) {
    plan.view.require(bytes);
    try {
      Demuxer demuxer(bytes, plan.view, container.demuxer);
      if (plan.packets == Packets::kRead) demuxer.read_packets();
      if (plan.packets == Packets::kAnalyze) demuxer.analyze();
      moving = moving || has_moving_picture(*demuxer);
      if (!size) size = read_picture_size(*demuxer);
      // What is of less account than a picture is worth one further attempt.
      if (more && (!size || (attempt == 0 && wanted.video_meta && !is_complete(*demuxer, plan)))) {
        return false;
      }
      if (wanted.video_meta) {
        if (Object tags = read_tags(demuxer->metadata); !tags.empty()) {
          info.video_meta = std::move(tags);
        }
        info.video_streams = read_streams(*demuxer, plan);
      }
    } catch (const Malformed&) {
      if (more) return false;
      if (!size) throw;
    }
  }
  if (!size) {
    if (more) return false;
    throw Malformed(std::string(container.demuxer) + ": no picture");
  }
  info.format = demuxer_names(container.demuxer);
  info.mime_type = mime_type_of(container, bytes, moving);
  info.video = true;
  info.width = size->width;
  info.height = size->height;
  return true;
}

}  // namespace

void read_video(Bytes& bytes, const Wanted& wanted, Info& info, MetadataBlocks& blocks) {
  const Container* container = sniff_container(bytes);
  if (container == nullptr) throw Malformed("not an image or video that we know");
  for (unsigned attempt = 0;; ++attempt) {
    MetadataBlocks found;
    const Plan plan = container->plan(bytes, wanted, attempt, found);
    if (!attempt_video(bytes, wanted, *container, plan, attempt, info)) continue;
    blocks = std::move(found);
    return;
  }
}

void start_libav() {
  av_log_set_level(AV_LOG_QUIET);
  av_log_set_callback([](void*, int, const char*, va_list) {});
  av_max_alloc(kMaxAllocation);
}

}  // namespace imgpeek
