#include "image/readers.h"

namespace imgpeek {

bool is_heif(Bytes& /*bytes*/) { return false; }

void read_heif(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("heif: not written yet");
}

}  // namespace imgpeek
