#include "image/readers.h"

namespace imgpeek {

bool is_hdr(Bytes& /*bytes*/) { return false; }

void read_hdr(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("hdr: not written yet");
}

}  // namespace imgpeek
