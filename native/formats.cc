#include "formats.h"

#include <algorithm>
#include <array>

#include "image/readers.h"

namespace imgpeek {
namespace {

constexpr std::array kFormats = {
    Format{"jpeg", "image/jpeg", is_jpeg, read_jpeg, true},
    Format{"png", "image/png", is_png, read_png, true},
    Format{"gif", "image/gif", is_gif, read_gif, true},
    Format{"webp", "image/webp", is_webp, read_webp, true},
    Format{"psd", "image/vnd.adobe.photoshop", is_psd, read_psd},
    Format{"heic", "image/heic", is_heif, read_heif},
    Format{"jxl", "image/jxl", is_jxl, read_jxl},
    Format{"jp2", "image/jp2", is_jp2, read_jp2},
    Format{"raf", "image/x-fuji-raf", is_raf, read_raf},
    Format{"mrw", "image/x-minolta-mrw", is_mrw, read_mrw},
    Format{"crw", "image/x-canon-crw", is_crw, read_crw},
    Format{"x3f", "image/x-sigma-x3f", is_x3f, read_x3f},
    Format{"tiff", "image/tiff", is_tiff, read_tiff},
    Format{"pdf", "application/pdf", is_pdf, read_pdf},
    Format{"bmp", "image/bmp", is_bmp, read_bmp},
    Format{"ico", "image/x-icon", is_ico, read_ico},
    Format{"icns", "image/icns", is_icns, read_icns},
    Format{"pnm", "image/x-portable-anymap", is_pnm, read_pnm},
    Format{"hdr", "image/vnd.radiance", is_hdr, read_hdr},
    Format{"exr", "image/x-exr", is_exr, read_exr},
    Format{"qoi", "image/qoi", is_qoi, read_qoi},
    Format{"dds", "image/vnd-ms.dds", is_dds, read_dds},
    Format{"ktx", "image/ktx", is_ktx, read_ktx},
    Format{"fits", "image/fits", is_fits, read_fits},
    Format{"dicom", "application/dicom", is_dicom, read_dicom},
    Format{"sgi", "image/x-sgi", is_sgi, read_sgi},
    Format{"vips", "image/x-vips", is_vips, read_vips},
    Format{"svg", "image/svg+xml", is_svg, read_svg},
    Format{"tga", "image/x-tga", is_tga, read_tga},
};
static_assert(std::ranges::is_partitioned(kFormats,
                                          [](const Format& format) { return format.brief; }));

}  // namespace

std::span<const Format> image_formats() { return kFormats; }

const Format* sniff_image(Bytes& bytes) {
  for (const Format& format : kFormats) {
    if (bytes.effort() == Effort::kBrief && !format.brief) break;
    if (format.sniff(bytes)) return &format;
  }
  return nullptr;
}

}  // namespace imgpeek
