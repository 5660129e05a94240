#include "metadata/xmp.h"

namespace imgpeek {

Object read_xmp(const std::vector<ByteSpan>& /*packets*/) { return {}; }

}  // namespace imgpeek
