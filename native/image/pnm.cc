#include "image/readers.h"

namespace imgpeek {

bool is_pnm(Bytes& /*bytes*/) { return false; }

void read_pnm(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("pnm: not written yet");
}

}  // namespace imgpeek
