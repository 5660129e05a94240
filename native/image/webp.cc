#include "image/readers.h"

namespace imgpeek {

bool is_webp(Bytes& /*bytes*/) { return false; }

void read_webp(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("webp: not written yet");
}

}  // namespace imgpeek
