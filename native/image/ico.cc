#include "image/readers.h"

namespace imgpeek {

bool is_ico(Bytes& /*bytes*/) { return false; }

void read_ico(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("ico: not written yet");
}

}  // namespace imgpeek
