#include "video/movie.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace imgpeek {
namespace {

// A longer `moov` (a day of film has one of 50 MB) is read by its headers, sample tables left out.
constexpr std::uint64_t kMaxMovie = 64U << 20U;
// What is fetched at a time beyond the media data: a movie's box, or packets of XMP, lie in it.
constexpr std::uint64_t kHop = 65536;
// A file's end of up to this length is fetched at once where the movie's box must be in it.
constexpr std::uint64_t kWholeTail = 4U << 20U;
constexpr std::uint64_t kMaxMetadata = 16U << 20U;
constexpr unsigned kMaxTopLevelBoxes = 1024;

// XMP specification part 3, 1.2.3; the others as JPEG 2000 files hold them (ISO/IEC 15444-1, I.7).
constexpr Uuid kExifUuid = {'J', 'p', 'g', 'T', 'i', 'f', 'f', 'E',
                            'x', 'i', 'f', '-', '>', 'J', 'P', '2'};
constexpr Uuid kIptcUuid = {0x33, 0xC7, 0xA4, 0xD2, 0xB8, 0x1D, 0x47, 0x23,
                            0xA0, 0xBA, 0xF1, 0xA3, 0xE0, 0x97, 0xAD, 0x38};
constexpr Uuid kPhotoshopUuid = {0x2C, 0x4C, 0x01, 0x00, 0x85, 0x04, 0x40, 0xB9,
                                 0xA0, 0x3E, 0x56, 0x21, 0x48, 0xD6, 0xDF, 0xEB};
// Canon's box, with a TIFF structure in `CMT1` (IFD 0) as in CR3.
constexpr Uuid kCanonUuid = {0x85, 0xC0, 0xB6, 0x87, 0x82, 0x0F, 0x11, 0xE0,
                             0x81, 0x11, 0xF4, 0xCE, 0x46, 0x2B, 0x6A, 0x48};

// Boxes of a sample table (8.6, 8.7) that hold something for each sample or chunk. `stts`, from
// which libavformat takes durations and the frame rate, stays.
bool is_per_sample(FourCc type) {
  switch (type) {
    case fourcc("stsz"):
    case fourcc("stz2"):
    case fourcc("stco"):
    case fourcc("co64"):
    case fourcc("stsc"):
    case fourcc("stss"):
    case fourcc("stps"):
    case fourcc("ctts"):
    case fourcc("cslg"):
    case fourcc("sdtp"):
    case fourcc("sbgp"):
    case fourcc("sgpd"):
    case fourcc("subs"):
    case fourcc("saiz"):
    case fourcc("saio"):
    case fourcc("senc"):
    case fourcc("padb"):
    case fourcc("stdp"):
    case fourcc("free"):
    case fourcc("skip"):
    case fourcc("mdat"):
      return true;
    default:
      return false;
  }
}

bool holds_samples(FourCc type) {
  return type == fourcc("moov") || type == fourcc("trak") || type == fourcc("mdia") ||
         type == fourcc("minf") || type == fourcc("stbl");
}

bool is_wanted(const Box& box, const Wanted& wanted) {
  if (box.type == fourcc("XMP_")) return wanted.xmp;
  if (box.type != fourcc("uuid")) return false;
  return (wanted.xmp && box.uuid == kXmpUuid) ||
         (wanted.exif && (box.uuid == kExifUuid || box.uuid == kCanonUuid)) ||
         (wanted.iptc && (box.uuid == kIptcUuid || box.uuid == kPhotoshopUuid));
}

// Metadata inside the movie's box: Adobe's QuickTime XMP is in `udta`, others in `uuid`.
void find_inner_metadata(Bytes& bytes, const Box& moov, const Wanted& wanted, Movie& movie) {
  BoxWalker boxes(bytes, moov);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("udta") && wanted.xmp) {
      if (const std::optional<Box> xmp = find_child(bytes, *box, fourcc("XMP_"))) {
        movie.metadata.push_back(*xmp);
      }
    } else if (is_wanted(*box, wanted)) {
      movie.metadata.push_back(*box);
    }
  }
}

// Requires what is worth fetching at `offset`, where the next box of the file begins.
void reach(Bytes& bytes, std::uint64_t offset, bool movie_ahead) {
  if (!bytes.held(offset, 1).empty()) return;
  std::uint64_t length = kHop;
  if (const std::optional<std::uint64_t> size = bytes.size()) {
    if (offset >= *size) return;
    if (movie_ahead && *size - offset <= kWholeTail) length = *size - offset;
  }
  bytes.require({{offset, length}});
}

void append_header(View& view, Bytes& bytes, FourCc type, std::uint64_t body_length) {
  const std::uint64_t size = body_length + 8;
  std::vector<std::uint8_t> header(8);
  for (unsigned i = 0; i < 4; ++i) {
    header[i] = static_cast<std::uint8_t>(size >> (24U - 8U * i));
    header[4 + i] = static_cast<std::uint8_t>(type >> (24U - 8U * i));
  }
  view.append_made(bytes.keep(std::move(header)));
}

// `depth` is bounded by holds_samples(): each of its types is entered from the one before only.
View trim(Bytes& bytes, const Box& box, unsigned depth) {
  constexpr unsigned kMaxDepth = 5;
  View view;
  if (!holds_samples(box.type) || depth >= kMaxDepth) {
    view.append({box.offset, box.end - box.offset});
    return view;
  }
  View inner;
  BoxWalker boxes(bytes, box);
  while (const std::optional<Box> child = boxes.next()) {
    if (is_per_sample(child->type) || child->body_length() > kMaxMovie) continue;
    inner.append_view(trim(bytes, *child, depth + 1));
  }
  append_header(view, bytes, box.type, inner.size());
  view.append_view(inner);
  return view;
}

}  // namespace

Movie find_movie(Bytes& bytes, const Wanted& wanted, bool whole_movie) {
  Movie movie;
  BoxWalker boxes(bytes, 0, bytes.size().value_or(kToEnd), kMaxTopLevelBoxes);
  for (;;) {
    // The boxes of a movie in fragments are as many as its seconds: the first is enough.
    const bool fragment_ahead = movie.fragmented && whole_movie && !movie.first_fragment;
    if (movie.movie && (movie.first_fragment || !(wanted.metadata() || fragment_ahead))) break;
    reach(bytes, boxes.offset(), !movie.movie && whole_movie);
    const std::optional<Box> box = boxes.next();
    if (!box) break;
    if (box->type == fourcc("ftyp") && !movie.file_type) {
      movie.file_type = box;
    } else if (box->type == fourcc("moov") && !movie.movie) {
      movie.movie = box;
      const std::uint64_t length = box->end - box->offset;
      if (length <= kHop || (whole_movie && length <= kMaxMovie)) {
        bytes.require({{box->offset, length}});
      }
      movie.fragmented = whole_movie && find_child(bytes, *box, fourcc("mvex")).has_value();
    } else if (box->type == fourcc("sidx") && !movie.segment_index) {
      movie.segment_index = box;
    } else if (box->type == fourcc("moof") && !movie.first_fragment) {
      movie.first_fragment = box;
    } else if (is_wanted(*box, wanted)) {
      movie.metadata.push_back(*box);
    }
  }
  if (!movie.movie) throw Malformed("mov: no movie box");
  if (wanted.metadata()) find_inner_metadata(bytes, *movie.movie, wanted, movie);
  return movie;
}

void read_movie_metadata(Bytes& bytes, const Movie& movie, const Wanted& wanted,
                         MetadataBlocks& blocks) {
  std::vector<Box> found;
  for (const Box& box : movie.metadata) {
    if (box.uuid != kCanonUuid) {
      found.push_back(box);
    } else if (const std::optional<Box> tiff = find_child(bytes, box, fourcc("CMT1"))) {
      found.push_back(*tiff);
    }
  }
  std::erase_if(found, [](const Box& box) { return box.body_length() > kMaxMetadata; });
  std::vector<Range> ranges;
  ranges.reserve(found.size());
  for (const Box& box : found) ranges.push_back({box.body, box.body_length()});
  bytes.require(ranges);

  for (const Box& box : found) {
    const ByteSpan body = bytes.read_up_to(box.body, box.body_length());
    if (box.type == fourcc("XMP_") || box.uuid == kXmpUuid) {
      if (wanted.xmp && blocks.xmp.empty()) blocks.xmp.push_back(body);
    } else if (box.uuid == kExifUuid || box.type == fourcc("CMT1")) {
      if (blocks.exif.empty()) blocks.exif = body;
    } else if (box.uuid == kIptcUuid) {
      if (blocks.iptc.empty()) blocks.iptc = body;
    } else if (box.uuid == kPhotoshopUuid) {
      if (blocks.photoshop.empty()) blocks.photoshop = body;
    }
  }
}

View without_samples(Bytes& bytes, const Box& movie) { return trim(bytes, movie, 0); }

}  // namespace imgpeek
