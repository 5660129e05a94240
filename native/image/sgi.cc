#include "image/readers.h"

namespace imgpeek {

bool is_sgi(Bytes& /*bytes*/) { return false; }

void read_sgi(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("sgi: not written yet");
}

}  // namespace imgpeek
