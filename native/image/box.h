// Boxes of ISO base media files (ISO/IEC 14496-12, 4.2), which JPEG 2000 and JPEG XL share.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "bytes.h"

namespace imgpeek {

// A box type as its four bytes read big-endian.
using FourCc = std::uint32_t;

constexpr FourCc fourcc(const char (&name)[5]) {
  FourCc value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8U | static_cast<std::uint8_t>(name[i]);
  return value;
}

using Uuid = std::array<std::uint8_t, 16>;

// Of `uuid` boxes that hold an XMP packet (ISO 16684-3, 7.6).
inline constexpr Uuid kXmpUuid = {0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8,
                                  0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC};

// Where a box lies: its header is [offset, body), its contents [body, end), in bytes of the file.
// `end` is as the box claims, but never past the box or the file that holds it. It is kToEnd where
// the box runs to the end of a file whose size is not known.
struct Box {
  FourCc type = 0;
  Uuid uuid{};  // of a `uuid` box
  std::uint64_t offset = 0;
  std::uint64_t body = 0;
  std::uint64_t end = 0;

  std::uint64_t body_length() const { return end - body; }
};

// Steps over boxes that follow each other, reading their headers only. A header that is not held is
// asked for with what follows it, since a box beyond the pixels is seldom passed over unread.
class BoxWalker {
 public:
  // Bounds the boxes of one walk, and so the rounds that a hostile file can ask for.
  static constexpr unsigned kMaxBoxes = 4096;
  // What is fetched with a header. A round trip costs more than this many bytes, in which most
  // metadata boxes lie whole.
  static constexpr std::uint64_t kHopLength = 16384;

  // The boxes in [begin, end), `max_boxes` at the most. Not to outlive `bytes`.
  BoxWalker(Bytes& bytes, std::uint64_t begin, std::uint64_t end, unsigned max_boxes = kMaxBoxes,
            std::uint64_t hop_length = kHopLength)
      : bytes_(bytes), offset_(begin), end_(end), left_(max_boxes), hop_length_(hop_length) {}
  // The boxes inside `parent`, whose contents start with `skip` bytes of its own.
  BoxWalker(Bytes& bytes, const Box& parent, std::uint64_t skip = 0,
            unsigned max_boxes = kMaxBoxes);

  // The next box; none after the last, a damaged one or `max_boxes`. Throws Missing.
  std::optional<Box> next();

  // Where the next box would start.
  std::uint64_t offset() const { return offset_; }

 private:
  Bytes& bytes_;
  std::uint64_t offset_;
  std::uint64_t end_;
  unsigned left_;
  std::uint64_t hop_length_;
};

// The boxes of the file itself.
BoxWalker top_level_boxes(Bytes& bytes);

// The first box of that type in [begin, end), or in the file itself. They throw Missing.
std::optional<Box> find_box(Bytes& bytes, std::uint64_t begin, std::uint64_t end, FourCc type);
std::optional<Box> find_top_level_box(Bytes& bytes, FourCc type);
// Likewise inside `parent`, whose contents start with `skip` bytes of its own.
std::optional<Box> find_child(Bytes& bytes, const Box& parent, FourCc type, std::uint64_t skip = 0);

// What a FullBox begins its contents with; kFullBoxHeader bytes.
struct FullBox {
  std::uint8_t version = 0;
  std::uint32_t flags = 0;  // 24 bits
};
inline constexpr std::uint64_t kFullBoxHeader = 4;

// Throws Missing, or Malformed where the box is too short.
FullBox read_full_box(Bytes& bytes, const Box& box);

// The contents of a box, as far as the file goes. Malformed where they exceed `limit` bytes, which
// bounds what a reader asks for. Throws Missing.
ByteSpan read_body(Bytes& bytes, const Box& box, std::uint64_t limit);

}  // namespace imgpeek
