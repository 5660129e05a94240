#include "image/cr3.h"
namespace imgpeek {
void read_cr3(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("cr3: not written yet");
}
}  // namespace imgpeek
