#include "image/readers.h"

namespace imgpeek {

bool is_dds(Bytes& /*bytes*/) { return false; }

void read_dds(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("dds: not written yet");
}

}  // namespace imgpeek
