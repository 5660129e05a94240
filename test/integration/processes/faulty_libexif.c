// Stands before libexif, by LD_PRELOAD, and does what a parser with a bug does: at a value of 666 it
// reads where nothing is, at 667 it never comes back. All other values are libexif's to format.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libexif/exif-data.h>

const char *exif_entry_get_value(ExifEntry *entry, char *text, unsigned int size) {
  static const char *(*next)(ExifEntry *, char *, unsigned int);
  if (!next) next = dlsym(RTLD_NEXT, "exif_entry_get_value");
  if (entry->format == EXIF_FORMAT_SHORT && entry->size >= 2) {
    const ExifShort value = exif_get_short(entry->data, exif_data_get_byte_order(entry->parent->parent));
    if (value == 666) *(volatile char *)8 = 0;
    for (volatile int turn = 0; value == 667; ++turn) {
    }
  }
  return next(entry, text, size);
}
