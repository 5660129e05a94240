#include "video/video.h"

namespace imgpeek {

void read_video(Bytes& /*bytes*/, const Wanted& /*wanted*/, Info& /*info*/,
                MetadataBlocks& /*blocks*/) {
  throw Malformed("not an image or video that we know");
}

void start_libav() {}

}  // namespace imgpeek
