#include "image/heif/heif_sequence.h"

#include <cstdlib>
#include <initializer_list>
#include <utility>

#include "image/field_reader.h"

namespace imgpeek {
namespace {

// A `moov` up to this length is fetched whole.
constexpr std::uint64_t kWholeMovieLength = 1U << 20U;
constexpr std::uint64_t kMaxHeaderLength = 4096;
constexpr unsigned kMaxTracks = 64;

// The box at the end of `path` inside `box`.
std::optional<Box> descend(Bytes& bytes, Box box, std::initializer_list<FourCc> path) {
  for (const FourCc type : path) {
    const std::optional<Box> child = find_child(bytes, box, type);
    if (!child) return std::nullopt;
    box = *child;
  }
  return box;
}

// ISO/IEC 14496-12, 8.3.2: the size in 16.16 after a matrix whose b and c turn it by a quarter.
ImageSize read_track_header(Bytes& bytes, const Box& tkhd) {
  FieldReader fields(read_body(bytes, tkhd, kMaxHeaderLength));
  const bool wide_times = fields.u32() >> 24U != 0;
  fields.skip(wide_times ? 32 : 20);  // times, track_ID, duration
  fields.skip(16);                    // reserved, layer, group, volume
  const auto signed_u32 = [&fields] { return static_cast<std::int32_t>(fields.u32()); };
  const std::int64_t a = signed_u32();
  const std::int64_t b = signed_u32();
  fields.skip(28);  // the rest of the matrix
  ImageSize size{fields.u16(), 0};
  fields.skip(2);
  size.height = fields.u16();
  if (std::llabs(b) > std::llabs(a)) std::swap(size.width, size.height);
  return size;
}

// 8.7.3: both kinds of sample size box hold the number of samples at the same place.
std::uint64_t read_sample_count(Bytes& bytes, const Box& stbl) {
  std::optional<Box> sizes = find_child(bytes, stbl, fourcc("stsz"));
  if (!sizes) sizes = find_child(bytes, stbl, fourcc("stz2"));
  if (!sizes || sizes->body_length() < kFullBoxHeader + 8) return 0;
  return bytes.be32(sizes->body + kFullBoxHeader + 4);
}

}  // namespace

std::optional<ImageSequence> read_track(Bytes& bytes, const Box& trak) {
  try {
    const std::optional<Box> tkhd = find_child(bytes, trak, fourcc("tkhd"));
    const std::optional<Box> mdia = find_child(bytes, trak, fourcc("mdia"));
    if (!tkhd || !mdia) return std::nullopt;
    const std::optional<Box> hdlr = find_child(bytes, *mdia, fourcc("hdlr"));
    if (!hdlr) return std::nullopt;
    const FourCc handler = bytes.be32(hdlr->body + kFullBoxHeader + 4);
    if (handler != fourcc("pict") && handler != fourcc("vide")) return std::nullopt;
    const std::optional<Box> stbl = descend(bytes, *mdia, {fourcc("minf"), fourcc("stbl")});
    if (!stbl) return std::nullopt;

    ImageSequence sequence{.size = read_track_header(bytes, *tkhd),
                           .frames = read_sample_count(bytes, *stbl)};
    const std::optional<Box> stsd = find_child(bytes, *stbl, fourcc("stsd"));
    if (!stsd) return sequence;
    BoxWalker entries(bytes, *stsd, kFullBoxHeader + 4);
    if (const std::optional<Box> entry = entries.next()) {
      sequence.codec = entry->type;
      if (sequence.size.width == 0 || sequence.size.height == 0) {
        // 12.1.3: a visual sample entry has its size after 24 bytes.
        sequence.size = {bytes.be16(entry->body + 24), bytes.be16(entry->body + 26)};
      }
    }
    return sequence;
  } catch (const Malformed&) {
    return std::nullopt;
  }
}

std::optional<ImageSequence> read_image_sequence(Bytes& bytes) {
  const std::optional<Box> moov = find_top_level_box(bytes, fourcc("moov"));
  if (!moov) return std::nullopt;
  if (moov->body_length() <= kWholeMovieLength) {
    bytes.require({{moov->body, moov->body_length()}});
  }
  BoxWalker boxes(bytes, *moov, 0, kMaxTracks);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type != fourcc("trak")) continue;
    if (const std::optional<ImageSequence> sequence = read_track(bytes, *box)) return sequence;
  }
  return std::nullopt;
}

}  // namespace imgpeek
