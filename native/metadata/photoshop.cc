#include "metadata/photoshop.h"

namespace imgpeek {

PhotoshopResources read_photoshop(ByteSpan /*blocks*/) { return {}; }

}  // namespace imgpeek
