#include "pixels/cosine_sums.h"

#include <cmath>
#include <numbers>

namespace imgpeek {

namespace {

double cosine(unsigned frequency, double place, std::size_t length) {
  return std::cos(std::numbers::pi * frequency * place / static_cast<double>(length));
}

}  // namespace

CosineSums::CosineSums(unsigned width, unsigned height, unsigned channels, Cosines cosines)
    : width_(width),
      height_(height),
      channels_(channels),
      cosines_(cosines),
      by_row_(cosines.rows * width_ * channels_) {}

void CosineSums::add_row(unsigned y, std::span<const double> values) {
  for (unsigned j = 0; j < cosines_.rows; ++j) {
    const double factor = cosine(j, y + cosines_.phase, height_);
    double* sums = by_row_.data() + j * values.size();
    for (std::size_t i = 0; i < values.size(); ++i) sums[i] += factor * values[i];
  }
}

std::vector<double> CosineSums::of_channel(unsigned channel) const {
  std::vector<double> sums(std::size_t{cosines_.rows} * cosines_.columns);
  for (unsigned i = 0; i < cosines_.columns; ++i) {
    for (std::size_t x = 0; x < width_; ++x) {
      const double factor = cosine(i, static_cast<double>(x) + cosines_.phase, width_);
      for (std::size_t j = 0; j < cosines_.rows; ++j) {
        sums[j * cosines_.columns + i] += factor * by_row_[(j * width_ + x) * channels_ + channel];
      }
    }
  }
  return sums;
}

}  // namespace imgpeek
