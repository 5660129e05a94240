// The low frequencies of a picture, which BlurHash, ThumbHash and the perceptual hash are made of.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace imgpeek {

// How many cosines there are along an axis, and where in a pixel each is taken: at its beginning
// (BlurHash) or in its middle (DCT-II).
struct Cosines {
  unsigned columns = 1;
  unsigned rows = 1;
  double phase = 0.5;
};

// Sums of values by products of cosines: for column i and row j of `cosines`, over all pixels x, y,
// value * cos(pi i (x + phase) / width) * cos(pi j (y + phase) / height). Rows are given one by
// one; holds rows * width * channels doubles.
class CosineSums {
 public:
  CosineSums(unsigned width, unsigned height, unsigned channels, Cosines cosines);

  // Adds the pixel row `y`: width * channels values, a pixel's channels side by side.
  void add_row(unsigned y, std::span<const double> values);

  // The sums of `channel`, row by row.
  std::vector<double> of_channel(unsigned channel) const;

 private:
  std::size_t width_;
  std::size_t height_;
  std::size_t channels_;
  Cosines cosines_;
  std::vector<double> by_row_;  // for each row of cosines, a row of values
};

}  // namespace imgpeek
