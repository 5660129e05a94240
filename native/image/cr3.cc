#include "image/cr3.h"

#include <optional>

#include "image/box.h"
#include "image/heif/heif_sequence.h"
#include "image/tiff/tiff_directory.h"
#include "image/tiff/tiff_exif.h"

namespace imgpeek {
namespace {

// Metadata behind more boxes than this is not looked for: each may cost a round.
constexpr unsigned kMaxTopLevelBoxes = 64;
constexpr unsigned kMaxTracks = 64;
// A directory is a few KiB, the XMP box 64 KiB, mostly padding. What is above this is left out.
constexpr std::uint64_t kMaxBlockLength = 1U << 20U;

// Of the box in `moov` that holds Canon's own boxes.
constexpr Uuid kCanonUuid = {0x85, 0xC0, 0xB6, 0x87, 0x82, 0x0F, 0x11, 0xE0,
                             0x81, 0x11, 0xF4, 0xCE, 0x46, 0x2B, 0x6A, 0x48};

constexpr std::uint16_t kImageWidthTag = 0x0100;
constexpr std::uint16_t kImageLengthTag = 0x0101;

struct Blocks {
  std::optional<Box> moov;
  Range ifd0;  // CMT1
  Range exif;  // CMT2
  Range gps;   // CMT4
  Range xmp;
};

void note(Range& noted, const Box& box) {
  if (box.body_length() <= kMaxBlockLength) noted = {box.body, box.body_length()};
}

void find_directories(Bytes& bytes, Blocks& blocks) {
  BoxWalker boxes(bytes, *blocks.moov);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type != fourcc("uuid") || box->uuid != kCanonUuid) continue;
    BoxWalker canon(bytes, *box);
    while (const std::optional<Box> child = canon.next()) {
      if (child->type == fourcc("CMT1")) note(blocks.ifd0, *child);
      if (child->type == fourcc("CMT2")) note(blocks.exif, *child);
      if (child->type == fourcc("CMT4")) note(blocks.gps, *child);
    }
    return;
  }
}

Blocks find_blocks(Bytes& bytes, const Wanted& wanted) {
  Blocks blocks;
  BoxWalker boxes(bytes, 0, bytes.size().value_or(kToEnd), kMaxTopLevelBoxes);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("moov") && !blocks.moov) blocks.moov = box;
    if (box->type == fourcc("uuid") && box->uuid == kXmpUuid) note(blocks.xmp, *box);
    if (blocks.moov && (!wanted.xmp || blocks.xmp.length != 0)) break;
  }
  if (blocks.moov) find_directories(bytes, blocks);
  return blocks;
}

ByteSpan read_block(Bytes& bytes, const Range& range) {
  return bytes.read_up_to(range.offset, range.length);
}

// IFD 0 tells the size of the developed picture; the RAW track's has the sensor's margins.
void set_size(ByteSpan ifd0, Image& image) {
  try {
    Bytes bytes({{0, ifd0}}, ifd0.size(), true);
    Tiff tiff(bytes);
    const TiffDirectory directory = tiff.read_directory(tiff.first_directory());
    image.width = tiff.number(directory, kImageWidthTag).value_or(0);
    image.height = tiff.number(directory, kImageLengthTag).value_or(0);
  } catch (const Malformed&) {
    // The tracks tell it, too.
  }
}

void set_size_of_largest_track(Bytes& bytes, const Box& moov, Image& image) {
  BoxWalker boxes(bytes, moov, 0, kMaxTracks);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type != fourcc("trak")) continue;
    const std::optional<ImageSequence> track = read_track(bytes, *box);
    if (!track || track->size.width * track->size.height <= image.width * image.height) continue;
    image.width = track->size.width;
    image.height = track->size.height;
  }
}

}  // namespace

void read_cr3(Bytes& bytes, const Wanted& wanted, Image& image) {
  image.raw = true;
  image.format = "cr3";
  image.mime_type = "image/x-canon-cr3";
  const Blocks blocks = find_blocks(bytes, wanted);
  if (!blocks.moov) throw Malformed("cr3: no movie box");
  if (wanted.exif) {
    bytes.require({blocks.ifd0, blocks.exif, blocks.gps, wanted.xmp ? blocks.xmp : Range{}});
  } else {
    bytes.require({blocks.ifd0, wanted.xmp ? blocks.xmp : Range{}});
  }

  const ByteSpan ifd0 = read_block(bytes, blocks.ifd0);
  set_size(ifd0, image);
  if (image.width == 0 || image.height == 0) {
    set_size_of_largest_track(bytes, *blocks.moov, image);
  }
  if (wanted.exif) {
    const ByteSpan exif = read_block(bytes, blocks.exif);
    image.metadata.exif = bytes.keep(stitch_exif(ifd0, exif, read_block(bytes, blocks.gps)));
  } else {
    image.metadata.exif = ifd0;
  }
  const ByteSpan packet = wanted.xmp ? read_block(bytes, blocks.xmp) : ByteSpan{};
  if (!packet.empty()) image.metadata.xmp.push_back(packet);
}

}  // namespace imgpeek
