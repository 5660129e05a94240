#include <algorithm>
#include <array>
#include <vector>

#include "image/box.h"
#include "image/exif_block.h"
#include "image/field_reader.h"
#include "image/jp2/jp2_codestream.h"
#include "image/readers.h"

namespace imgpeek {
namespace {

// ISO/IEC 15444-1, I.5.1: the signature box.
constexpr std::string_view kSignature{"\0\0\0\x0CjP  \r\n\x87\n", 12};

// Metadata behind more boxes than this is not looked for: each may cost a round.
constexpr unsigned kMaxBoxes = 256;
// A metadata block above this is left out.
constexpr std::uint64_t kMaxBlockLength = 16U << 20U;
// I.5.3: the header superbox may hold a palette and an ICC profile.
constexpr std::uint64_t kMaxHeaderLength = 1U << 20U;
constexpr std::uint64_t kMaxFieldsLength = 64;

constexpr Uuid kIptcUuid = {0x33, 0xC7, 0xA4, 0xD2, 0xB8, 0x1D, 0x47, 0x23,
                            0xA0, 0xBA, 0xF1, 0xA3, 0xE0, 0x97, 0xAD, 0x38};
// "JpgTiffExif->JP2".
constexpr Uuid kExifUuid = {0x4A, 0x70, 0x67, 0x54, 0x69, 0x66, 0x66, 0x45,
                            0x78, 0x69, 0x66, 0x2D, 0x3E, 0x4A, 0x50, 0x32};
// Photoshop's own, of image resources.
constexpr Uuid kPhotoshopUuid = {0x2C, 0x4C, 0x01, 0x00, 0x85, 0x04, 0x40, 0xB9,
                                 0xA0, 0x3E, 0x56, 0x21, 0x48, 0xD6, 0xDF, 0xEB};

struct Blocks {
  std::optional<Box> header;
  std::optional<Box> codestream;
  Range exif;
  Range iptc;
  Range photoshop;
  Range xmp;
  std::vector<Range> xml;  // `xml ` boxes, which may hold XMP
};

// Where the file is one of JPEG 2000's still formats: the brand. 0 for motion pictures and others.
FourCc read_brand(Bytes& bytes) {
  BoxWalker boxes = top_level_boxes(bytes);
  boxes.next();
  const std::optional<Box> ftyp = boxes.next();
  if (!ftyp || ftyp->type != fourcc("ftyp") || ftyp->body_length() < sizeof(FourCc)) return 0;
  return bytes.be32(ftyp->body);
}

void note(Range& noted, const Box& box) {
  if (noted.length == 0 && box.body_length() <= kMaxBlockLength) {
    noted = {box.body, box.body_length()};
  }
}

Blocks find_blocks(Bytes& bytes) {
  Blocks blocks;
  BoxWalker boxes(bytes, 0, bytes.size().value_or(kToEnd), kMaxBoxes);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("jp2h") && !blocks.header) blocks.header = box;
    if (box->type == fourcc("jp2c") && !blocks.codestream) blocks.codestream = box;
    if (box->type == fourcc("xml ") && box->body_length() <= kMaxBlockLength) {
      blocks.xml.push_back({box->body, box->body_length()});
    }
    if (box->type != fourcc("uuid")) continue;
    if (box->uuid == kExifUuid) note(blocks.exif, *box);
    if (box->uuid == kIptcUuid) note(blocks.iptc, *box);
    if (box->uuid == kPhotoshopUuid) note(blocks.photoshop, *box);
    if (box->uuid == kXmpUuid) note(blocks.xmp, *box);
  }
  return blocks;
}

struct Header {
  Jp2Size size;
  std::uint32_t colour_space = 0;  // EnumCS; 0 where a profile tells
};

// I.5.3: `ihdr`, `bpcc` and `colr`.
Header read_header(Bytes& bytes, const Box& jp2h) {
  constexpr unsigned kDepthsVary = 255;
  constexpr unsigned kEnumerated = 1;
  Header header;
  if (jp2h.body_length() <= kMaxHeaderLength) bytes.require({{jp2h.body, jp2h.body_length()}});
  unsigned depth = kDepthsVary;
  bool has_colour = false;
  BoxWalker boxes(bytes, jp2h);
  while (const std::optional<Box> box = boxes.next()) {
    FieldReader fields(bytes.read_up_to(box->body, std::min(box->body_length(), kMaxFieldsLength)));
    if (box->type == fourcc("ihdr")) {
      header.size.height = fields.u32();
      header.size.width = fields.u32();
      header.size.components.count = fields.u16();
      depth = fields.u8();
    } else if (box->type == fourcc("bpcc") && depth == kDepthsVary) {
      depth = fields.u8();
    } else if (box->type == fourcc("colr") && !has_colour) {
      has_colour = true;
      const bool enumerated = fields.u8() == kEnumerated;
      fields.skip(2);  // precedence, approximation
      if (enumerated) header.colour_space = fields.u32();
    }
  }
  if (depth != kDepthsVary) {
    header.size.components.bits = (depth & 0x7FU) + 1;
    header.size.components.is_signed = (depth & 0x80U) != 0;
  }
  return header;
}

// As libvips' loader gives them.
void set_pixel_format(const Header& header, Image& image) {
  // I.5.3.3, table I.10, and ISO/IEC 15444-2, table M.25.
  constexpr std::uint32_t kCmyk = 12;
  constexpr std::uint32_t kGreyscale = 17;

  const Jp2Components& components = header.size.components;
  if (components.bits == 0) return;
  image.bands = components.count;
  if (components.bits <= 8) {
    image.sample_format = components.is_signed ? "char" : "uchar";
  } else if (components.bits <= 16) {
    image.sample_format = components.is_signed ? "short" : "ushort";
  } else {
    image.sample_format = components.is_signed ? "int" : "uint";
  }
  // Fewer than three components are grey whatever the header says: indices into a palette too.
  const std::uint32_t space = header.colour_space;
  const bool colour = space != kGreyscale && components.count >= 3;
  const bool wide = components.bits > 8;
  if (space == kCmyk && components.count >= 4) {
    image.colorspace = "cmyk";
  } else if (colour) {
    image.colorspace = wide ? "rgb16" : "srgb";
  } else {
    image.colorspace = wide ? "grey16" : "b-w";
  }
}

ByteSpan read_block(Bytes& bytes, const Range& range) {
  return bytes.read_up_to(range.offset, range.length);
}

void read_blocks(Bytes& bytes, const Blocks& blocks, const Wanted& wanted, Image& image) {
  Range exif = blocks.exif;
  if (!wanted.exif) exif.length = std::min(exif.length, kOrientationLength);
  std::vector<Range> ranges;
  if (wanted.exif || wanted.dimensions) ranges.push_back(exif);
  if (wanted.iptc) ranges.insert(ranges.end(), {blocks.iptc, blocks.photoshop});
  if (wanted.xmp) ranges.push_back(blocks.xmp);
  if (wanted.xmp && blocks.xmp.length == 0) {
    ranges.insert(ranges.end(), blocks.xml.begin(), blocks.xml.end());
  }
  bytes.require(ranges);

  MetadataBlocks& metadata = image.metadata;
  if (wanted.exif || wanted.dimensions) metadata.exif = find_tiff_header(read_block(bytes, exif));
  if (!wanted.exif && exif.length < blocks.exif.length && !holds_first_directory(metadata.exif)) {
    metadata.exif = find_tiff_header(read_block(bytes, blocks.exif));
  }
  if (wanted.iptc) {
    metadata.iptc = read_block(bytes, blocks.iptc);
    metadata.photoshop = read_block(bytes, blocks.photoshop);
  }
  if (!wanted.xmp) return;
  if (blocks.xmp.length != 0) metadata.xmp.push_back(read_block(bytes, blocks.xmp));
  for (const Range& range : blocks.xml) {
    if (!metadata.xmp.empty()) break;
    const ByteSpan xml = read_block(bytes, range);
    if (as_text(xml).find("rdf:RDF") != std::string_view::npos) metadata.xmp.push_back(xml);
  }
}

}  // namespace

bool is_jp2(Bytes& bytes) {
  if (bytes.matches(0, kJp2CodestreamSignature)) return true;
  // Motion JPEG 2000 is a video.
  return bytes.matches(0, kSignature) && read_brand(bytes) != fourcc("mjp2");
}

void read_jp2(Bytes& bytes, const Wanted& wanted, Image& image) {
  Header header;
  if (bytes.matches(0, kJp2CodestreamSignature)) {
    image.format = "j2k";
    image.mime_type = "image/j2c";
    header.size = read_jp2_codestream(bytes, 0);
  } else {
    const FourCc brand = read_brand(bytes);
    if (brand == fourcc("jpx ")) image.mime_type = "image/jpx";
    if (brand == fourcc("jpm ")) image.mime_type = "image/jpm";
    if (brand == fourcc("jph ")) image.mime_type = "image/jph";
    const Blocks blocks = find_blocks(bytes);
    if (blocks.header) header = read_header(bytes, *blocks.header);
    if (header.size.width == 0 || header.size.height == 0) {
      if (!blocks.codestream) throw Malformed("jp2: neither a header nor a codestream");
      header.size = read_jp2_codestream(bytes, blocks.codestream->body);
    }
    read_blocks(bytes, blocks, wanted, image);
  }
  image.width = header.size.width;
  image.height = header.size.height;
  if (wanted.pixel_format()) set_pixel_format(header, image);
}

}  // namespace imgpeek
