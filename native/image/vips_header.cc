#include "image/vips_header.h"

namespace imgpeek {

void start_vips() {}

void read_pixel_format(Bytes& /*bytes*/, Image& /*image*/) {}

}  // namespace imgpeek
