#include "video/track.h"

extern "C" {
#include <libavutil/display.h>
}

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace imgpeek {
namespace {

// ISO/IEC 14496-12, 8.3.2.2: offsets in a `tkhd` box's contents, by version.
struct TrackHeader {
  std::uint64_t id, matrix, width, height;
};
constexpr TrackHeader kTrackHeader[] = {{12, 40, 76, 80}, {20, 52, 88, 92}};
// 8.4.2.2: `mdhd`.
struct MediaHeader {
  std::uint64_t timescale, duration;
};
constexpr MediaHeader kMediaHeader[] = {{12, 16}, {20, 24}};
// 8.4.3.2: `hdlr` has its type after a FullBox header and 4 bytes.
constexpr std::uint64_t kHandlerType = 8;
// 8.5.2.2, 12.1.3.2: the first entry of `stsd` follows the count; its size fields' offsets.
constexpr std::uint64_t kSampleEntries = 8;
constexpr std::uint64_t kEntryWidth = 32;
constexpr std::uint64_t kEntryHeight = 34;
// QTFF, "Sound Sample Description (Version 1)": the version, and what is in a packet of sound.
constexpr std::uint64_t kSoundVersion = 16;
constexpr std::uint64_t kSamplesPerPacket = 36;
constexpr std::uint64_t kBytesPerFrame = 44;
// 8.7.3.2: `stsz` and `stz2` have their table after these fields.
constexpr std::uint64_t kSizeTable = 12;
// 8.6.6.2: an entry of `elst`, by version.
constexpr std::uint64_t kEditEntry[] = {12, 20};
constexpr std::uint64_t kEditTable = 8;
// An edit list longer than this is nobody's.
constexpr std::uint64_t kMaxEdits = 65536;

std::size_t version_of(Bytes& bytes, const Box& box) { return bytes.u8(box.body) == 1 ? 1 : 0; }

// The sizes of all samples (8.7.3), as far as the table goes. 0 where there is no table.
std::uint64_t sum_sizes(Bytes& bytes, const Box& table) {
  const ByteSpan fields = bytes.read(table.body, kSizeTable);
  const std::uint64_t common = be32(fields, 4);
  const std::uint64_t count = be32(fields, 8);
  const bool compact = table.type == fourcc("stz2");
  if (!compact && common != 0) return common * count;
  const std::uint64_t bits = compact ? common & 0xFFU : 32;
  const std::uint64_t begin = table.body + kSizeTable;
  const ByteSpan sizes =
      bytes.read_up_to(begin, std::min(table.end - begin, (count * bits + 7) / 8));
  std::uint64_t sum = 0;
  switch (bits) {
    case 4:
      for (const std::uint8_t both : sizes) sum += (both >> 4U) + (both & 0xFU);
      break;
    case 8:
      for (const std::uint8_t size : sizes) sum += size;
      break;
    case 16:
      for (std::size_t i = 0; i + 2 <= sizes.size(); i += 2) sum += be16(sizes, i);
      break;
    case 32:
      for (std::size_t i = 0; i + 4 <= sizes.size(); i += 4) sum += be32(sizes, i);
      break;
    default:
      break;
  }
  return sum;
}

std::optional<double> sum_edits(Bytes& bytes, const Box& list, std::uint32_t movie_timescale) {
  if (movie_timescale == 0) return std::nullopt;
  const std::size_t version = version_of(bytes, list);
  const std::uint64_t entry = kEditEntry[version];
  const std::uint64_t count = std::min<std::uint64_t>(
      {bytes.be32(list.body + 4), (list.body_length() - kEditTable) / entry, kMaxEdits});
  double sum = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = list.body + kEditTable + i * entry;
    sum += version == 1 ? static_cast<double>(bytes.be64(at)) : bytes.be32(at);
  }
  return count == 0 ? std::nullopt : std::optional(sum / movie_timescale);
}

// A packet of compressed sound: samples of one channel, and bytes of all channels.
struct SoundPacket {
  std::uint32_t samples = 0;  // 0 where packets are not described
  std::uint32_t length = 0;
};

SoundPacket read_sound_packet(Bytes& bytes, std::uint64_t entry, std::uint64_t end) {
  if (end < entry + kBytesPerFrame + 4 || bytes.be16(entry + kSoundVersion) != 1) return {};
  return {.samples = bytes.be32(entry + kSamplesPerPacket),
          .length = bytes.be32(entry + kBytesPerFrame)};
}

void read_sample_table(Bytes& bytes, const Box& stbl, bool with_sizes, Track& track) {
  BoxWalker boxes(bytes, stbl);
  bool described = false;
  SoundPacket packet;
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("stsd") && !described) {
      const std::uint64_t entry = box->body + kSampleEntries;
      if (box->end < entry + kEntryHeight + 2) continue;
      track.stored = {.width = bytes.be16(entry + kEntryWidth),
                      .height = bytes.be16(entry + kEntryHeight)};
      described = true;
      if (!with_sizes) return;
      if (track.handler == fourcc("soun")) packet = read_sound_packet(bytes, entry, box->end);
    } else if ((box->type == fourcc("stsz") || box->type == fourcc("stz2")) && with_sizes &&
               box->body_length() >= kSizeTable) {
      track.data_size = sum_sizes(bytes, *box);
      // "Sample Size Atoms": where packets are described, samples are counted one by one, as of a
      // byte each.
      if (packet.samples != 0 && bytes.be32(box->body + 4) == 1) {
        track.data_size = track.data_size / packet.samples * packet.length;
      }
    }
  }
}

void read_media(Bytes& bytes, const Box& mdia, bool with_sizes, Track& track) {
  BoxWalker boxes(bytes, mdia);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("mdhd")) {
      const std::size_t version = version_of(bytes, *box);
      track.timescale = bytes.be32(box->body + kMediaHeader[version].timescale);
      const std::uint64_t at = box->body + kMediaHeader[version].duration;
      track.duration = version == 1 ? bytes.be64(at) : bytes.be32(at);
    } else if (box->type == fourcc("hdlr")) {
      track.handler = bytes.be32(box->body + kHandlerType);
    } else if (box->type == fourcc("minf")) {
      if (const std::optional<Box> stbl = find_child(bytes, *box, fourcc("stbl"))) {
        read_sample_table(bytes, *stbl, with_sizes, track);
      }
    }
  }
}

}  // namespace

DisplayMatrix read_matrix(Bytes& bytes, std::uint64_t offset) {
  DisplayMatrix matrix{};
  const ByteSpan stored = bytes.read(offset, sizeof matrix);
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    matrix[i] = static_cast<std::int32_t>(be32(stored, i * 4));
  }
  return matrix;
}

Track read_track(Bytes& bytes, const Box& trak, std::uint32_t movie_timescale, bool with_sizes) {
  Track track;
  PictureSize header;
  BoxWalker boxes(bytes, trak);
  try {
    while (const std::optional<Box> box = boxes.next()) {
      if (box->type == fourcc("tkhd")) {
        const TrackHeader& at = kTrackHeader[version_of(bytes, *box)];
        track.id = bytes.be32(box->body + at.id);
        track.matrix = read_matrix(bytes, box->body + at.matrix);
        // 16.16 fixed point.
        header = {.width = bytes.be16(box->body + at.width),
                  .height = bytes.be16(box->body + at.height)};
      } else if (box->type == fourcc("edts")) {
        if (const std::optional<Box> list = find_child(bytes, *box, fourcc("elst"));
            list && list->body_length() >= kEditTable) {
          track.edited = sum_edits(bytes, *list, movie_timescale);
        }
      } else if (box->type == fourcc("mdia")) {
        read_media(bytes, *box, with_sizes, track);
      }
    }
  } catch (const Malformed&) {
    // The file ends within the track: what came before counts.
  }
  if (track.stored.width == 0 || track.stored.height == 0) track.stored = header;
  return track;
}

bool is_transposed(const DisplayMatrix& track, const DisplayMatrix& movie) {
  // The product of the matrices' linear parts says how the picture is turned.
  DisplayMatrix product{};
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t column = 0; column < 2; ++column) {
      double sum = 0;
      for (std::size_t i = 0; i < 2; ++i) {
        sum += static_cast<double>(track[row * 3 + i]) * movie[i * 3 + column];
      }
      constexpr double kOne = 65536;  // in 16.16
      product[row * 3 + column] =
          static_cast<std::int32_t>(std::clamp<double>(sum / kOne, INT32_MIN, INT32_MAX));
    }
  }
  const double degrees = av_display_rotation_get(product.data());
  return std::isfinite(degrees) && std::lround(degrees / 90) % 2 != 0;
}

}  // namespace imgpeek
