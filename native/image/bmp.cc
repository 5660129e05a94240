#include "image/readers.h"

namespace imgpeek {

bool is_bmp(Bytes& /*bytes*/) { return false; }

void read_bmp(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("bmp: not written yet");
}

}  // namespace imgpeek
