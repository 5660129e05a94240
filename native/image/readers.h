// The readers of image formats, one file each. See formats.h for what they take and throw.
#pragma once

#include "bytes.h"
#include "image/image.h"
#include "info.h"

namespace imgpeek {

// JPEG (ITU-T T.81).
bool is_jpeg(Bytes& bytes);
void read_jpeg(Bytes& bytes, const Wanted& wanted, Image& image);

// PNG and APNG (W3C PNG, third edition).
bool is_png(Bytes& bytes);
void read_png(Bytes& bytes, const Wanted& wanted, Image& image);

// GIF 87a and 89a.
bool is_gif(Bytes& bytes);
void read_gif(Bytes& bytes, const Wanted& wanted, Image& image);

// WebP (RFC 9649).
bool is_webp(Bytes& bytes);
void read_webp(Bytes& bytes, const Wanted& wanted, Image& image);

// Photoshop PSD and PSB.
bool is_psd(Bytes& bytes);
void read_psd(Bytes& bytes, const Wanted& wanted, Image& image);

// HEIC, HEIF, AVIF and CR3: pictures in ISO base media files (ISO/IEC 14496-12, 23008-12).
bool is_heif(Bytes& bytes);
void read_heif(Bytes& bytes, const Wanted& wanted, Image& image);

// JPEG XL, codestream and container (ISO/IEC 18181).
bool is_jxl(Bytes& bytes);
void read_jxl(Bytes& bytes, const Wanted& wanted, Image& image);

// JPEG 2000, boxes and codestream (ISO/IEC 15444-1).
bool is_jp2(Bytes& bytes);
void read_jp2(Bytes& bytes, const Wanted& wanted, Image& image);

// Fujifilm RAF.
bool is_raf(Bytes& bytes);
void read_raf(Bytes& bytes, const Wanted& wanted, Image& image);

// Minolta MRW.
bool is_mrw(Bytes& bytes);
void read_mrw(Bytes& bytes, const Wanted& wanted, Image& image);

// Canon CRW.
bool is_crw(Bytes& bytes);
void read_crw(Bytes& bytes, const Wanted& wanted, Image& image);

// Sigma X3F.
bool is_x3f(Bytes& bytes);
void read_x3f(Bytes& bytes, const Wanted& wanted, Image& image);

// TIFF, BigTIFF and the camera RAWs of TIFF's shape.
bool is_tiff(Bytes& bytes);
void read_tiff(Bytes& bytes, const Wanted& wanted, Image& image);

// PDF (ISO 32000).
bool is_pdf(Bytes& bytes);
void read_pdf(Bytes& bytes, const Wanted& wanted, Image& image);

// Windows and OS/2 bitmaps.
bool is_bmp(Bytes& bytes);
void read_bmp(Bytes& bytes, const Wanted& wanted, Image& image);

// Windows icons and cursors.
bool is_ico(Bytes& bytes);
void read_ico(Bytes& bytes, const Wanted& wanted, Image& image);

// Apple icons.
bool is_icns(Bytes& bytes);
void read_icns(Bytes& bytes, const Wanted& wanted, Image& image);

// PBM, PGM, PPM, PAM and PFM.
bool is_pnm(Bytes& bytes);
void read_pnm(Bytes& bytes, const Wanted& wanted, Image& image);

// Radiance HDR.
bool is_hdr(Bytes& bytes);
void read_hdr(Bytes& bytes, const Wanted& wanted, Image& image);

// OpenEXR.
bool is_exr(Bytes& bytes);
void read_exr(Bytes& bytes, const Wanted& wanted, Image& image);

// QOI.
bool is_qoi(Bytes& bytes);
void read_qoi(Bytes& bytes, const Wanted& wanted, Image& image);

// DirectDraw Surface.
bool is_dds(Bytes& bytes);
void read_dds(Bytes& bytes, const Wanted& wanted, Image& image);

// Khronos textures, KTX and KTX2.
bool is_ktx(Bytes& bytes);
void read_ktx(Bytes& bytes, const Wanted& wanted, Image& image);

// FITS.
bool is_fits(Bytes& bytes);
void read_fits(Bytes& bytes, const Wanted& wanted, Image& image);

// DICOM.
bool is_dicom(Bytes& bytes);
void read_dicom(Bytes& bytes, const Wanted& wanted, Image& image);

// SGI.
bool is_sgi(Bytes& bytes);
void read_sgi(Bytes& bytes, const Wanted& wanted, Image& image);

// libvips' own format.
bool is_vips(Bytes& bytes);
void read_vips(Bytes& bytes, const Wanted& wanted, Image& image);

// SVG and SVGZ.
bool is_svg(Bytes& bytes);
void read_svg(Bytes& bytes, const Wanted& wanted, Image& image);

// Truevision TGA, which has no magic: tried last.
bool is_tga(Bytes& bytes);
void read_tga(Bytes& bytes, const Wanted& wanted, Image& image);

}  // namespace imgpeek
