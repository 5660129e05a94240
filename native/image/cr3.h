// Canon RAW, version 3.
#pragma once

#include "bytes.h"
#include "image/image.h"
#include "info.h"

namespace imgpeek {

// Reads a file whose brand is "crx ". Throws as a reader does.
void read_cr3(Bytes& bytes, const Wanted& wanted, Image& image);

}  // namespace imgpeek
