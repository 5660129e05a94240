// Stands before libjpeg, by LD_PRELOAD, and does what a decoder with a bug does, on whatever thread
// libvips calls it: in a picture of 666 pixels across it reads where nothing is, in one of 667 it
// never comes back.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

JDIMENSION jpeg_read_scanlines(j_decompress_ptr decoder, JSAMPARRAY lines, JDIMENSION count) {
  static JDIMENSION (*next)(j_decompress_ptr, JSAMPARRAY, JDIMENSION);
  if (!next) next = dlsym(RTLD_NEXT, "jpeg_read_scanlines");
  if (decoder->image_width == 666) *(volatile char *)8 = 0;
  for (volatile int turn = 0; decoder->image_width == 667; ++turn) {
  }
  return next(decoder, lines, count);
}
