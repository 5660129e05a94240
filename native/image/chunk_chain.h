// Chunks at the end of a file whose beginnings are not known.
#pragma once

#include <cstddef>
#include <functional>

namespace imgpeek {

// The whole length of the chunk that may begin at an offset; 0 where none can.
using ChunkLengthAt = std::function<std::size_t(std::size_t offset)>;

// Chunks are found from the end backwards: one begins wherever its length leads exactly to `end` or
// to the beginning of a chunk that was found before. Returns the offset of the first of the chain;
// `end` if there is none.
std::size_t find_chunk_chain(std::size_t end, const ChunkLengthAt& length_at);

}  // namespace imgpeek
