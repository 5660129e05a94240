#include "image/readers.h"

namespace imgpeek {

bool is_qoi(Bytes& /*bytes*/) { return false; }

void read_qoi(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("qoi: not written yet");
}

}  // namespace imgpeek
