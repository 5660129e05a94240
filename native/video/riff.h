// Chunks of RIFF and of IFF files: a type, a length and that many bytes, padded to an even number.
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "image/box.h"

namespace imgpeek {

// A chunk's contents are [body, end), never past the end of the file. `type` is its four bytes read
// big-endian, in either byte order.
struct Chunk {
  FourCc type = 0;
  std::uint64_t offset = 0;
  std::uint64_t body = 0;
  std::uint64_t end = 0;

  std::uint64_t length() const { return end - offset; }
};

inline constexpr std::uint64_t kChunkHeader = 8;

// The chunk at `offset`; none where the file ends before. Throws Missing for its header, with what
// follows it as far as `reach` bytes.
std::optional<Chunk> read_chunk(Bytes& bytes, std::uint64_t offset, ByteOrder order,
                                std::uint64_t reach);

// Where the chunk after this one begins.
inline std::uint64_t after(const Chunk& chunk) { return chunk.end + (chunk.end & 1U); }

}  // namespace imgpeek
