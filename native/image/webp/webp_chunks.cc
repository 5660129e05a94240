#include "image/webp/webp_chunks.h"

#include <algorithm>

#include "image/chunk_chain.h"

namespace imgpeek {
namespace {

// RFC 9649, 2.4: "RIFF", the length of what follows, "WEBP".
constexpr std::uint64_t kLengthOffset = 4;
constexpr std::uint64_t kFirstChunk = 12;

// Frames of an animation at most; each takes a chunk of 24 bytes and more.
constexpr unsigned kMaxChunks = 65536;

// Holds an XMP packet with its padding, or EXIF without a thumbnail.
constexpr std::uint64_t kTailLength = std::uint64_t{32} * 1024;

std::size_t length_at(ByteSpan tail, std::size_t offset) {
  if (tail.size() - offset < WebpChunk::kHeaderLength) return 0;
  const bool has_type = std::all_of(tail.begin() + static_cast<std::ptrdiff_t>(offset),
                                    tail.begin() + static_cast<std::ptrdiff_t>(offset + 4),
                                    [](std::uint8_t byte) { return byte >= ' ' && byte <= '~'; });
  if (!has_type) return 0;
  const std::uint64_t length = le32(tail, offset + 4);
  return static_cast<std::size_t>(WebpChunk::kHeaderLength + length + (length & 1U));
}

}  // namespace

WebpChunks::WebpChunks(Bytes& bytes) : bytes_(bytes), hops_(bytes), offset_(kFirstChunk) {
  end_ = kLengthOffset + 4 + bytes.le32(kLengthOffset);
  // A writer that does not know the length leaves 0 or the most.
  if (end_ <= kFirstChunk) end_ = kToEnd;
  end_ = std::min(end_, bytes.size().value_or(end_));
}

std::optional<WebpChunk> WebpChunks::next() {
  if (count_++ >= kMaxChunks || offset_ >= end_ || end_ - offset_ <= WebpChunk::kHeaderLength) {
    return std::nullopt;
  }
  hops_.reach(offset_, WebpChunk::kHeaderLength);
  const ByteSpan header = bytes_.read_up_to(offset_, WebpChunk::kHeaderLength);
  if (header.size() < WebpChunk::kHeaderLength) return std::nullopt;
  const WebpChunk chunk{.type = be32(header, 0), .offset = offset_, .length = le32(header, 4)};
  offset_ = chunk.end();
  return chunk;
}

void WebpChunks::reach_all() {
  if (offset_ < end_) bytes_.require({{offset_, end_ - offset_}});
}

WebpChunks WebpChunks::tail() const {
  WebpChunks chunks = *this;
  if (end_ == kToEnd || offset_ >= end_ || end_ - offset_ <= kTailLength) return chunks;
  const std::uint64_t start = end_ - kTailLength;
  const ByteSpan tail = bytes_.read_up_to(start, kTailLength);
  chunks.offset_ = start + find_chunk_chain(tail.size(), [tail](std::size_t offset) {
                     return length_at(tail, offset);
                   });
  return chunks;
}

}  // namespace imgpeek
