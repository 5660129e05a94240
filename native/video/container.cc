#include "video/container.h"

#include <array>
#include <cstdint>

namespace imgpeek {
namespace {

// In the order in which they are tried: exact magic first. `demuxer` must be in demuxer.cc's list.
constexpr std::array kContainers = {
    Container{"mov", is_mov, plan_mov, "video/mp4", "audio/mp4", mov_mime_type},
    Container{"matroska", is_matroska, plan_matroska, "video/x-matroska", "audio/x-matroska",
              matroska_mime_type},
    Container{"avi", is_avi, plan_avi, "video/x-msvideo", "video/x-msvideo"},
    Container{"flv", is_flv, plan_flv, "video/x-flv", "video/x-flv"},
    Container{"ogg", is_ogg, plan_ogg, "video/ogg", "audio/ogg"},
    Container{"asf", is_asf, plan_asf, "video/x-ms-wmv", "audio/x-ms-wma"},
    Container{"mxf", is_mxf, plan_mxf, "application/mxf", "application/mxf"},
    Container{"wav", is_wav, plan_wave, "audio/wav", "audio/wav"},
    Container{"aiff", is_aiff, plan_wave, "audio/aiff", "audio/aiff"},
    Container{"flac", is_flac, plan_flac, "audio/flac", "audio/flac"},
    Container{"ivf", is_ivf, plan_headed, "video/x-ivf", "video/x-ivf"},
    Container{"yuv4mpegpipe", is_yuv4mpeg, plan_headed, "video/x-yuv4mpeg", "video/x-yuv4mpeg"},
    Container{"mpeg", is_mpegps, plan_mpeg, "video/mpeg", "audio/mpeg"},
    Container{"mpegvideo", is_mpegvideo, plan_mpeg, "video/mpeg", "video/mpeg"},
    Container{"mp3", is_mp3, plan_id3, "audio/mpeg", "audio/mpeg"},
    Container{"aac", is_aac, plan_id3, "audio/aac", "audio/aac"},
    Container{"mpegts", is_mpegts, plan_mpeg, "video/mp2t", "video/mp2t"},
};

// What every check but those of packet streams looks at.
constexpr std::uint64_t kMagicLength = 64;

}  // namespace

const Container* sniff_container(Bytes& bytes) {
  bytes.read_up_to(0, kMagicLength);
  for (const Container& container : kContainers) {
    if (container.sniff(bytes)) return &container;
  }
  return nullptr;
}

}  // namespace imgpeek
