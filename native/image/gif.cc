#include "image/readers.h"

namespace imgpeek {

bool is_gif(Bytes& /*bytes*/) { return false; }

void read_gif(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("gif: not written yet");
}

}  // namespace imgpeek
