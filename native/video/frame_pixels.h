// A decoded frame's pixels as RGBA.
#pragma once

#include "pixels/pixels.h"

struct AVFrame;

namespace imgpeek {

// By the frame's own matrix and range (ITU-T H.273, 8.3); what it leaves open is BT.709 where it
// has 720 lines or more, else BT.601, as players take it. Chroma is taken from the nearest sample,
// and no tone is mapped. Throws Undecodable for frames in the memory of a graphics card and the
// like.
Pixels to_pixels(const AVFrame& frame);

}  // namespace imgpeek
