#include "image/readers.h"

namespace imgpeek {

bool is_vips(Bytes& /*bytes*/) { return false; }

void read_vips(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("vips: not written yet");
}

}  // namespace imgpeek
