#include "image/pdf/pdf_predictor.h"

#include <algorithm>
#include <cstdlib>

namespace imgpeek {
namespace {

constexpr std::uint64_t kTiff = 2;
constexpr std::uint64_t kFirstPng = 10;  // to kLastPng: which one is said in each row
constexpr std::uint64_t kLastPng = 15;
constexpr std::uint64_t kMaxColors = 32;
constexpr std::uint64_t kMaxColumns = 1048576;

// W3C PNG, 9.2: the types of filter.
enum PngFilter : std::uint8_t { kNone = 0, kSub = 1, kUp = 2, kAverage = 3, kPaeth = 4 };

// W3C PNG, 9.4.
int paeth(int left, int up, int corner) {
  const int estimate = left + up - corner;
  const int to_left = std::abs(estimate - left);
  const int to_up = std::abs(estimate - up);
  const int to_corner = std::abs(estimate - corner);
  if (to_left <= to_up && to_left <= to_corner) return left;
  return to_up <= to_corner ? up : corner;
}

int predict(std::uint8_t filter, int left, int up, int corner) {
  switch (filter) {
    case kSub:
      return left;
    case kUp:
      return up;
    case kAverage:
      return (left + up) / 2;
    case kPaeth:
      return paeth(left, up, corner);
    default:
      return 0;
  }
}

// Rows move to the front as their filter bytes go, so that a row always follows the one above.
void undo_png(std::size_t row, std::size_t pixel, std::vector<std::uint8_t>& data) {
  const std::size_t count = data.size() / (row + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = i * (row + 1);
    const std::size_t to = i * row;
    const std::uint8_t filter = data[from];
    for (std::size_t x = 0; x < row; ++x) {
      const int left = x >= pixel ? data[to + x - pixel] : 0;
      const int up = i > 0 ? data[to + x - row] : 0;
      const int corner = i > 0 && x >= pixel ? data[to + x - row - pixel] : 0;
      data[to + x] =
          static_cast<std::uint8_t>(data[from + 1 + x] + predict(filter, left, up, corner));
    }
  }
  data.resize(count * row);
}

void undo_tiff(std::size_t row, std::size_t pixel, std::vector<std::uint8_t>& data) {
  for (std::size_t at = 0; at < data.size(); ++at) {
    if (at % row >= pixel) data[at] = static_cast<std::uint8_t>(data[at] + data[at - pixel]);
  }
}

}  // namespace

bool undo_predictor(std::uint64_t predictor, PredictorRows rows, std::vector<std::uint8_t>& data) {
  if (rows.colors == 0 || rows.colors > kMaxColors || rows.bits == 0 || rows.bits > 16 ||
      rows.columns == 0 || rows.columns > kMaxColumns) {
    return false;
  }
  const std::size_t row = (rows.colors * rows.bits * rows.columns + 7) / 8;
  const std::size_t pixel = std::max<std::size_t>(1, rows.colors * rows.bits / 8);
  if (predictor >= kFirstPng && predictor <= kLastPng) {
    undo_png(row, pixel, data);
    return true;
  }
  if (predictor == kTiff && rows.bits == 8) {
    undo_tiff(row, pixel, data);
    return true;
  }
  return false;
}

}  // namespace imgpeek
