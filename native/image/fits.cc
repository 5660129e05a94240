#include "image/readers.h"

namespace imgpeek {

bool is_fits(Bytes& /*bytes*/) { return false; }

void read_fits(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("fits: not written yet");
}

}  // namespace imgpeek
