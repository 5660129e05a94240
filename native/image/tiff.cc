#include "image/readers.h"

namespace imgpeek {

bool is_tiff(Bytes& /*bytes*/) { return false; }

void read_tiff(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("tiff: not written yet");
}

}  // namespace imgpeek
