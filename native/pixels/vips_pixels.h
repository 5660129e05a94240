// What is done to pixels with libvips, whose images are computed when they are read. All within a
// VipsScope.
#pragma once

#include <vips/vips.h>

#include <cstdint>
#include <vector>

#include "pixels/pixels.h"
#include "vips_scopes.h"

namespace imgpeek {

using VipsPtr = Reference<VipsImage>;

// Throws Undecodable with what libvips says of it.
[[noreturn]] void fail(const char* what);

// What an operation of libvips makes of an image; `arguments` are its options by name. Throws
// Undecodable.
template <typename Operation, typename... Arguments>
VipsPtr run(const char* what, Operation operation, const VipsPtr& in, Arguments... arguments) {
  VipsImage* out = nullptr;
  if (operation(in.get(), &out, arguments..., nullptr) != 0) fail(what);
  return VipsPtr(out);
}

bool has_alpha(const VipsPtr& image);

// The greatest value of an alpha channel.
double full_alpha(const VipsPtr& image);

// How much of its sides a picture keeps.
struct Scale {
  double across = 1;
  double down = 1;

  bool is_none() const { return across == 1 && down == 1; }
};

// That by which the longest side becomes `side`, and no side nothing; nothing is enlarged.
Scale scale_to(const VipsPtr& image, unsigned side);

// Throws Undecodable.
VipsPtr scale_down(const VipsPtr& image, const Scale& scale);

// Turned as EXIF's orientation says. Throws Undecodable.
VipsPtr turn(VipsPtr image, int orientation);

// An image over RGBA in memory, which must outlive it. Throws Undecodable.
VipsPtr over(const Pixels& pixels);

// The bytes of an image of uchar, row by row. Throws Undecodable.
std::vector<std::uint8_t> bytes_of(const VipsPtr& image);

// An image in memory as RGBA in sRGB. Throws Undecodable.
Pixels to_pixels(const VipsPtr& image);

}  // namespace imgpeek
