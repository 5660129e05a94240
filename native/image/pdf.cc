#include "image/readers.h"

namespace imgpeek {

bool is_pdf(Bytes& /*bytes*/) { return false; }

void read_pdf(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("pdf: not written yet");
}

}  // namespace imgpeek
