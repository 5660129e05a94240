// SVG (W3C SVG 2) and SVGZ: the root element's start tag says the size; nothing is rendered, and no
// entity, style sheet or link is followed.
#include "image/readers.h"
#include "image/svg/svg_metadata.h"
#include "image/svg/svg_root.h"
#include "image/svg/svg_size.h"

namespace imgpeek {

bool is_svg(Bytes& bytes) { return begins_with_svg(bytes); }

void read_svg(Bytes& bytes, const Wanted& wanted, Image& image) {
  const SvgRoot root = read_svg_root(bytes);
  const SvgSize size = size_of(root);
  image.width = size.width;
  image.height = size.height;
  if (wanted.pixel_format()) {
    // What it is rendered to.
    image.colorspace = "srgb";
    image.bands = 4;
    image.sample_format = "uchar";
  }
  if (wanted.xmp) {
    const ByteSpan xmp = find_svg_xmp(bytes, root);
    if (!xmp.empty()) image.metadata.xmp.push_back(xmp);
  }
}

}  // namespace imgpeek
