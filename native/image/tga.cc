#include "image/readers.h"

namespace imgpeek {

bool is_tga(Bytes& /*bytes*/) { return false; }

void read_tga(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("tga: not written yet");
}

}  // namespace imgpeek
