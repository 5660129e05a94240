#include "video/riff.h"

#include <algorithm>

namespace imgpeek {

std::optional<Chunk> read_chunk(Bytes& bytes, std::uint64_t offset, ByteOrder order,
                                std::uint64_t reach) {
  if (bytes.held(offset, kChunkHeader).size() < kChunkHeader) bytes.require({{offset, reach}});
  const ByteSpan header = bytes.read_up_to(offset, kChunkHeader);
  if (header.size() < kChunkHeader) return std::nullopt;
  const std::uint64_t length = ordered32(header, 4, order);
  Chunk chunk{.type = be32(header, 0), .offset = offset, .body = offset + kChunkHeader};
  chunk.end = std::min(chunk.body + length, bytes.size().value_or(kToEnd));
  chunk.end = std::max(chunk.end, chunk.body);
  return chunk;
}

}  // namespace imgpeek
