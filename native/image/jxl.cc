#include "image/readers.h"

namespace imgpeek {

bool is_jxl(Bytes& /*bytes*/) { return false; }

void read_jxl(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("jxl: not written yet");
}

}  // namespace imgpeek
