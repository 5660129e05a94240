#include "pixels/color_groups.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>

namespace imgpeek {

namespace {

constexpr std::size_t kAxes = 4;
constexpr unsigned kMaxGroups = 256;

// k-means' rounds, and a bound on its comparisons of a point to a centre. One round is always made.
constexpr std::size_t kMaxRounds = 8;
constexpr std::size_t kMaxComparisons = std::size_t{1} << 24U;

using Place = std::array<double, kAxes>;

// Points that are to be one group, or to be cut.
struct Box {
  std::span<std::uint32_t> members;
  Place mean{};
  std::size_t longest = 0;  // the axis with the greatest error
  double error = 0;         // squared, of all axes; 0 where the box cannot be cut
};

Box to_box(const std::vector<ColorPoint>& points, std::span<std::uint32_t> members) {
  Box box{.members = members};
  double weight = 0;
  Place squares{};
  for (const std::uint32_t member : members) {
    const ColorPoint& point = points[member];
    weight += point.weight;
    for (std::size_t axis = 0; axis < kAxes; ++axis) {
      box.mean[axis] += point.weight * point.place[axis];
      squares[axis] += point.weight * point.place[axis] * point.place[axis];
    }
  }
  Place errors{};
  for (std::size_t axis = 0; axis < kAxes; ++axis) {
    errors[axis] = squares[axis] - box.mean[axis] * box.mean[axis] / weight;
    box.mean[axis] /= weight;
  }
  box.longest =
      static_cast<std::size_t>(std::max_element(errors.begin(), errors.end()) - errors.begin());
  if (members.size() > 1) box.error = std::accumulate(errors.begin(), errors.end(), 0.0);
  return box;
}

// Cuts boxes until there are `count`, or none that can be cut.
std::vector<Box> cut(const std::vector<ColorPoint>& points, std::span<std::uint32_t> all,
                     unsigned count) {
  std::vector<Box> boxes = {to_box(points, all)};
  while (boxes.size() < count) {
    Box& box = *std::max_element(boxes.begin(), boxes.end(),
                                 [](const Box& a, const Box& b) { return a.error < b.error; });
    if (box.error <= 0) break;
    const auto middle =
        std::partition(box.members.begin(), box.members.end(), [&](std::uint32_t member) {
          return points[member].place[box.longest] <= box.mean[box.longest];
        });
    if (middle == box.members.begin() || middle == box.members.end()) {
      box.error = 0;  // its points differ by less than a double tells
      continue;
    }
    const auto left = static_cast<std::size_t>(middle - box.members.begin());
    const Box right = to_box(points, box.members.subspan(left));
    box = to_box(points, box.members.first(left));
    boxes.push_back(right);
  }
  return boxes;
}

// Centres by axis, so that a point is compared to several at once.
struct Centres {
  std::size_t count = 0;
  std::array<std::array<float, kMaxGroups>, kAxes> places{};
};

std::uint8_t nearest(const Centres& centres, const std::array<float, kAxes>& place) {
  std::array<float, kMaxGroups> distances{};
  for (std::size_t axis = 0; axis < kAxes; ++axis) {
    for (std::size_t i = 0; i < centres.count; ++i) {
      const float apart = centres.places[axis][i] - place[axis];
      distances[i] += apart * apart;
    }
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < centres.count; ++i) {
    if (distances[i] < distances[best]) best = i;
  }
  return static_cast<std::uint8_t>(best);
}

// Moves each centre to the mean of its points; one that has none stays.
void move(Centres& centres, const std::vector<ColorPoint>& points,
          const std::vector<std::uint8_t>& groups) {
  std::array<Place, kMaxGroups> sums{};
  std::array<double, kMaxGroups> weights{};
  for (std::size_t i = 0; i < points.size(); ++i) {
    weights[groups[i]] += points[i].weight;
    for (std::size_t axis = 0; axis < kAxes; ++axis) {
      sums[groups[i]][axis] += points[i].weight * points[i].place[axis];
    }
  }
  for (std::size_t i = 0; i < centres.count; ++i) {
    if (weights[i] == 0) continue;
    for (std::size_t axis = 0; axis < kAxes; ++axis) {
      centres.places[axis][i] = static_cast<float>(sums[i][axis] / weights[i]);
    }
  }
}

}  // namespace

std::vector<std::uint8_t> group_colors(const std::vector<ColorPoint>& points, unsigned count) {
  std::vector<std::uint8_t> groups(points.size());
  if (points.empty()) return groups;
  std::vector<std::uint32_t> order(points.size());
  std::iota(order.begin(), order.end(), 0U);
  Centres centres;
  for (const Box& box : cut(points, order, std::min(count, kMaxGroups))) {
    for (std::size_t axis = 0; axis < kAxes; ++axis) {
      centres.places[axis][centres.count] = static_cast<float>(box.mean[axis]);
    }
    ++centres.count;
  }
  const std::size_t rounds =
      std::clamp<std::size_t>(kMaxComparisons / (points.size() * centres.count), 1, kMaxRounds);
  for (std::size_t round = 0; round < rounds; ++round) {
    if (round > 0) move(centres, points, groups);
    bool changed = false;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::uint8_t group = nearest(centres, points[i].place);
      changed = changed || group != groups[i];
      groups[i] = group;
    }
    if (!changed) break;
  }
  return groups;
}

}  // namespace imgpeek
