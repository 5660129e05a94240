// The predictors that may be applied before Flate (ISO 32000-1, 7.4.4.4).
#pragma once

#include <cstdint>
#include <vector>

namespace imgpeek {

inline constexpr std::uint64_t kNoPredictor = 1;

struct PredictorRows {
  std::uint64_t colors = 1;
  std::uint64_t bits = 8;  // of a component
  std::uint64_t columns = 1;
};

// Undoes `predictor` in place; PNG's filter bytes are dropped. A row that is cut is dropped too.
// False where the predictor or the rows are none that are known.
bool undo_predictor(std::uint64_t predictor, PredictorRows rows, std::vector<std::uint8_t>& data);

}  // namespace imgpeek
