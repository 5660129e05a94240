#include "image/readers.h"

namespace imgpeek {

bool is_raf(Bytes& /*bytes*/) { return false; }

void read_raf(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("raf: not written yet");
}

}  // namespace imgpeek
