// What libavformat is shown of a file.
//
// libavformat reads a file in small steps and looks for what it likes: the next fragment, an index,
// a chapter's title. Each step over a gap would be a round trip. So a container's planner decides
// beforehand which bytes are worth having, requires them all at once, and libavformat is shown
// these and nothing else: what is not in the view is past the end of it. Its answer so depends on
// the file alone, never on how much of it happens to be held.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"

namespace imgpeek {

// Pieces of a file, and pieces made in its stead, in ascending order. Made pieces are spans that
// live as long as the Bytes they were kept in.
class View {
 public:
  // Puts a range of the file after what is there, closing up.
  void append(Range range);
  // Likewise bytes that were made.
  void append_made(ByteSpan made);
  void append_view(const View& other);

  // Puts a range of the file where it lies in the file; what is between is a hole. Ranges must come
  // in ascending order; what overlaps is merged, and a small hole is closed.
  void place(Range range);

  // The length that is told: the end of the last piece, unless set.
  std::uint64_t size() const;
  void set_size(std::uint64_t size) { size_ = size; }

  // The bytes in the view, holes left out.
  std::uint64_t length() const;

  // Requires all ranges of the file that are in the view. Throws Missing.
  void require(Bytes& bytes) const;

  // Bytes at `position` of the view, `length` at the most: none in a hole, past the end, or where
  // the file has less than the view promised. Never throws.
  ByteSpan read(const Bytes& bytes, std::uint64_t position, std::uint64_t length) const;

 private:
  struct Piece {
    std::uint64_t position = 0;  // in the view
    Range range;                 // in the file; of a made piece only its length
    ByteSpan made;
  };

  std::uint64_t end() const;

  std::vector<Piece> pieces_;
  std::optional<std::uint64_t> size_;
};

}  // namespace imgpeek
