#include "image/readers.h"

namespace imgpeek {

bool is_jp2(Bytes& /*bytes*/) { return false; }

void read_jp2(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("jp2: not written yet");
}

}  // namespace imgpeek
