#include "image/readers.h"

namespace imgpeek {

bool is_icns(Bytes& /*bytes*/) { return false; }

void read_icns(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("icns: not written yet");
}

}  // namespace imgpeek
