// Why a picture has no pixels.
#pragma once

#include <stdexcept>

namespace imgpeek {

// Thrown where a picture cannot be decoded, or may not be.
class Undecodable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace imgpeek
