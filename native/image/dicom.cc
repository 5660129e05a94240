#include "image/readers.h"

namespace imgpeek {

bool is_dicom(Bytes& /*bytes*/) { return false; }

void read_dicom(Bytes& /*bytes*/, const Wanted& /*wanted*/, Image& /*image*/) {
  throw Malformed("dicom: not written yet");
}

}  // namespace imgpeek
