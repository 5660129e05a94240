// IVF and YUV4MPEG2: a header that says it all, and bare frames.
#include <cstdint>

#include "video/container.h"

namespace imgpeek {
namespace {

// IVF has 32 bytes and the first frame's 12; YUV4MPEG2 a line of text.
constexpr std::uint64_t kHead = 4096;

}  // namespace

bool is_ivf(Bytes& bytes) { return bytes.matches(0, "DKIF"); }
bool is_yuv4mpeg(Bytes& bytes) { return bytes.matches(0, "YUV4MPEG2 "); }

Plan plan_headed(Bytes& bytes, const Wanted& /*wanted*/, unsigned /*attempt*/,
                 MetadataBlocks& /*blocks*/) {
  Plan plan;
  plan.frame_time_base = true;
  plan.view.place({0, kHead});
  if (bytes.size()) plan.view.set_size(*bytes.size());
  return plan;
}

}  // namespace imgpeek
