// The registry: one row a format family, tried in order.
#pragma once

#include <span>
#include <string_view>

#include "bytes.h"
#include "image/image.h"
#include "info.h"

namespace imgpeek {

// A reader fills `image` with what `wanted` asks for. It throws Missing for bytes that are not
// held, and Malformed where not even the dimensions can be read.
using ReadImage = void (*)(Bytes& bytes, const Wanted& wanted, Image& image);

// True where the file begins as the format prescribes. May throw Missing.
using Sniff = bool (*)(Bytes& bytes);

struct Format {
  std::string_view name;
  std::string_view mime_type;
  Sniff sniff;
  ReadImage read;
  // The reader's work on bytes that are held is bounded by their number, at some nanoseconds each,
  // but for what it calls Bytes::take_time() before.
  bool brief = false;
};

// Every image format, in the order in which they are tried: exact magic first, guesses last.
std::span<const Format> image_formats();

// The format of the file, or nullptr where no image format matches (it may still be a video). With
// bytes of brief effort only the formats of brief readers are tried, which are the first.
const Format* sniff_image(Bytes& bytes);

}  // namespace imgpeek
