// libvips' own reading of a header.
#pragma once

#include <cstddef>

#include "bytes.h"
#include "image/image.h"

namespace imgpeek {

// Sets image.colorspace, bands and sample_format as libvips' loader gives them for a TIFF that is
// held whole; where libvips refuses it they are left as they are.
//
// No stranger's file comes here: libvips reads every page and all metadata in small steps, each of
// which would cost a request. The reader hands in a TIFF of its own making that says the same of
// the format. The other formats' rules are short, and stand in their readers.
void read_pixel_format(ByteSpan tiff, Image& image);

// Starts libvips once for the process: no operation cache, no untrusted loaders, no log to stderr.
// May be called from any thread, any number of times.
void start_vips();

// What libvips' allocator holds in the whole process.
struct VipsMemory {
  std::size_t bytes;
  std::size_t max_bytes;  // the most that it ever held
  int allocs;
};

VipsMemory vips_memory() noexcept;

}  // namespace imgpeek
