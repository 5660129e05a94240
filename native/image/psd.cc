#include "image/readers.h"

namespace imgpeek {

bool is_psd(Bytes& /*bytes*/) { return false; }

void read_psd(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("psd: not written yet");
}

}  // namespace imgpeek
