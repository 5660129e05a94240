// Video, and audio with a picture, through libavformat.
#pragma once

#include "bytes.h"
#include "info.h"
#include "metadata/blocks.h"

namespace imgpeek {

// Fills info's format, mime_type, dimensions, video_meta and video_streams, and `blocks` with what
// the container holds of EXIF, IPTC and XMP. Throws Missing, or Malformed where libavformat knows
// no demuxer for the bytes, or they hold no picture.
void read_video(Bytes& bytes, const Wanted& wanted, Info& info, MetadataBlocks& blocks);

// Sets libavformat up once for the process: no log to stderr.
void start_libav();

}  // namespace imgpeek
