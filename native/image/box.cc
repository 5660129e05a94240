#include "image/box.h"

#include <algorithm>

namespace imgpeek {
namespace {

// ISO/IEC 14496-12, 4.2.2: a 32-bit size and a type; size 1 means that a 64-bit size follows, size
// 0 that the box runs to the end of the file. A `uuid` box has its extended type after that.
constexpr std::uint64_t kHeaderLength = 8;
constexpr std::uint64_t kLargeHeaderLength = 16;
constexpr std::uint64_t kUuidLength = 16;
constexpr std::uint32_t kSizeIsLarge = 1;
constexpr std::uint32_t kSizeToEnd = 0;

}  // namespace

BoxWalker::BoxWalker(Bytes& bytes, const Box& parent, std::uint64_t skip, unsigned max_boxes)
    : BoxWalker(bytes, parent.body + std::min(skip, parent.body_length()), parent.end, max_boxes) {}

std::optional<Box> BoxWalker::next() {
  if (left_ == 0 || offset_ >= end_ || end_ - offset_ < kHeaderLength) {
    return std::nullopt;
  }
  --left_;
  if (bytes_.held(offset_, kHeaderLength).size() < kHeaderLength) {
    bytes_.require({{offset_, std::min(hop_length_, end_ - offset_)}});
  }
  const ByteSpan header = bytes_.read_up_to(offset_, kHeaderLength);
  if (header.size() < kHeaderLength) return std::nullopt;

  Box box{.type = be32(header, 4), .offset = offset_, .body = offset_ + kHeaderLength};
  std::uint64_t size = be32(header, 0);
  if (size == kSizeIsLarge) {
    const ByteSpan large = bytes_.read_up_to(box.body, kLargeHeaderLength - kHeaderLength);
    if (large.size() < kLargeHeaderLength - kHeaderLength) return std::nullopt;
    size = be64(large, 0);
    box.body = offset_ + kLargeHeaderLength;
  } else if (size == kSizeToEnd) {
    size = end_ - offset_;
  }
  if (box.type == fourcc("uuid")) {
    const ByteSpan uuid = bytes_.read_up_to(box.body, kUuidLength);
    if (uuid.size() < kUuidLength) return std::nullopt;
    std::copy(uuid.begin(), uuid.end(), box.uuid.begin());
    box.body += kUuidLength;
  }
  box.end = size > end_ - offset_ ? end_ : offset_ + size;
  if (box.end < box.body) return std::nullopt;
  offset_ = box.end;
  return box;
}

BoxWalker top_level_boxes(Bytes& bytes) { return {bytes, 0, bytes.size().value_or(kToEnd)}; }

std::optional<Box> find_box(Bytes& bytes, std::uint64_t begin, std::uint64_t end, FourCc type) {
  BoxWalker boxes(bytes, begin, end);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == type) return box;
  }
  return std::nullopt;
}

std::optional<Box> find_top_level_box(Bytes& bytes, FourCc type) {
  return find_box(bytes, 0, bytes.size().value_or(kToEnd), type);
}

std::optional<Box> find_child(Bytes& bytes, const Box& parent, FourCc type, std::uint64_t skip) {
  return find_box(bytes, parent.body + std::min(skip, parent.body_length()), parent.end, type);
}

FullBox read_full_box(Bytes& bytes, const Box& box) {
  if (box.body_length() < kFullBoxHeader) throw Malformed("a FullBox without version and flags");
  const std::uint32_t both = bytes.be32(box.body);
  return {.version = static_cast<std::uint8_t>(both >> 24U), .flags = both & 0xFFFFFFU};
}

ByteSpan read_body(Bytes& bytes, const Box& box, std::uint64_t limit) {
  std::uint64_t length = box.body_length();
  if (box.end == kToEnd) length = bytes.require_size() - std::min(bytes.require_size(), box.body);
  if (length > limit) throw Malformed("a box is larger than its kind can be");
  return bytes.read_up_to(box.body, length);
}

}  // namespace imgpeek
