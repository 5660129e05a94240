#include "image/chunk_chain.h"

#include <vector>

namespace imgpeek {

std::size_t find_chunk_chain(std::size_t end, const ChunkLengthAt& length_at) {
  std::vector<bool> begins(end + 1);
  begins[end] = true;
  std::size_t first = end;
  for (std::size_t offset = end; offset-- > 0;) {
    const std::size_t length = length_at(offset);
    if (length == 0 || length > end - offset || !begins[offset + length]) continue;
    begins[offset] = true;
    first = offset;
  }
  return first;
}

}  // namespace imgpeek
