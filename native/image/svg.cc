#include "image/readers.h"

namespace imgpeek {

bool is_svg(Bytes& /*bytes*/) { return false; }

void read_svg(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("svg: not written yet");
}

}  // namespace imgpeek
