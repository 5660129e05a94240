// Going from header to header of a file, past what nobody asked for.
#pragma once

#include <cstdint>

#include "bytes.h"

namespace imgpeek {

// Asks for what is wanted together with a run of what follows it, which holds the next header. The
// run doubles with each part that was passed over unread, and is half of what was read on without a
// gap: the rounds that a file takes grow with the logarithm of what lies between its headers, until
// the run is as long as it gets. Not to outlive `bytes`.
class Hops {
 public:
  explicit Hops(Bytes& bytes) : bytes_(bytes) {}

  // Throws Missing unless [offset, offset + length) is held or the file ends before. Offsets rise
  // from call to call.
  void reach(std::uint64_t offset, std::uint64_t length);

  // Goes on at `offset`, which was foreseen: the gap before it makes no run longer.
  void go_on(std::uint64_t offset) { start_ = last_ = offset; }

 private:
  Bytes& bytes_;
  std::uint64_t start_ = 0;  // of the run without a gap that the last offset lies in
  std::uint64_t last_ = 0;   // the last offset reached
  unsigned gaps_ = 0;
};

}  // namespace imgpeek
