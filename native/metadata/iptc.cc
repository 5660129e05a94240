#include "metadata/iptc.h"

namespace imgpeek {

Object read_iptc(ByteSpan /*stream*/) { return {}; }

}  // namespace imgpeek
