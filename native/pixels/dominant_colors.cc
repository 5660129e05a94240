#include "pixels/dominant_colors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pixels/color_cut.h"
#include "pixels/hsl.h"

namespace imgpeek {

namespace {

// androidx.palette, Palette: DEFAULT_CALCULATE_NUMBER_COLORS.
constexpr unsigned kSwatches = 16;

// androidx.palette, Target: the range that a value must be in, and what it is best at.
struct Aim {
  double min = 0;
  double best = 0;
  double max = 1;
};

constexpr Aim kLight{.min = 0.55, .best = 0.74};
constexpr Aim kNormal{.min = 0.3, .best = 0.5, .max = 0.7};
constexpr Aim kDark{.best = 0.26, .max = 0.45};
constexpr Aim kVibrant{.min = 0.35, .best = 1};
constexpr Aim kMuted{.best = 0.3, .max = 0.4};

constexpr double kSaturationWeight = 0.24;
constexpr double kLightnessWeight = 0.52;
constexpr double kPopulationWeight = 0.24;

struct Target {
  Aim saturation;
  Aim lightness;
};

// In the order in which they choose: a swatch is chosen once.
enum Name : std::uint8_t {
  kLightVibrantName,
  kVibrantName,
  kDarkVibrantName,
  kLightMutedName,
  kMutedName,
  kDarkMutedName,
};
constexpr std::array<Target, 6> kTargets = {{{kVibrant, kLight},
                                             {kVibrant, kNormal},
                                             {kVibrant, kDark},
                                             {kMuted, kLight},
                                             {kMuted, kNormal},
                                             {kMuted, kDark}}};

// What is missed is built of what, tried from the first to the last: of the same lightness, then of
// the same saturation.
struct Building {
  Name missed;
  Name source;
};
constexpr std::array<Building, 14> kBuildings = {{{kLightVibrantName, kLightMutedName},
                                                  {kDarkVibrantName, kDarkMutedName},
                                                  {kLightMutedName, kLightVibrantName},
                                                  {kDarkMutedName, kDarkVibrantName},
                                                  {kVibrantName, kLightVibrantName},
                                                  {kVibrantName, kDarkVibrantName},
                                                  {kMutedName, kLightMutedName},
                                                  {kMutedName, kDarkMutedName},
                                                  {kVibrantName, kMutedName},
                                                  {kMutedName, kVibrantName},
                                                  {kLightVibrantName, kVibrantName},
                                                  {kDarkVibrantName, kVibrantName},
                                                  {kLightMutedName, kMutedName},
                                                  {kDarkMutedName, kMutedName}}};

// A difference of channels below is the noise of compression, and no hue.
constexpr double kMinChroma = 4;

using Found = std::array<std::optional<Rgb>, kTargets.size()>;

bool within(const Aim& aim, double value) { return value >= aim.min && value <= aim.max; }

double score(const Swatch& swatch, const Target& target, std::uint64_t most) {
  return kSaturationWeight * (1 - std::abs(swatch.hsl.saturation - target.saturation.best)) +
         kLightnessWeight * (1 - std::abs(swatch.hsl.lightness - target.lightness.best)) +
         kPopulationWeight * static_cast<double>(swatch.population) / static_cast<double>(most);
}

Found choose(std::vector<Swatch> swatches) {
  std::uint64_t most = 1;
  for (const Swatch& swatch : swatches) most = std::max(most, swatch.population);
  Found found;
  for (std::size_t i = 0; i < kTargets.size(); ++i) {
    const Target& target = kTargets[i];
    auto best = swatches.end();
    for (auto one = swatches.begin(); one != swatches.end(); ++one) {
      if (!within(target.saturation, one->hsl.saturation)) continue;
      if (!within(target.lightness, one->hsl.lightness)) continue;
      if (best == swatches.end() || score(*one, target, most) > score(*best, target, most)) {
        best = one;
      }
    }
    if (best == swatches.end()) continue;
    found[i] = best->rgb;
    swatches.erase(best);
  }
  return found;
}

Rgb build(const Rgb& source, const Target& target) {
  Hsl hsl = to_hsl(source);
  const auto [min, max] = std::minmax({source.r, source.g, source.b});
  if (max - min < kMinChroma) {
    hsl.saturation = 0;
  } else {
    hsl.saturation = std::clamp(hsl.saturation, target.saturation.min, target.saturation.max);
  }
  hsl.lightness = target.lightness.best;
  return to_rgb(hsl);
}

std::optional<Color> to_color(const std::optional<Rgb>& rgb) {
  if (!rgb) return std::nullopt;
  const auto byte = [](double value) { return static_cast<std::uint8_t>(std::lround(value)); };
  return Color{byte(rgb->r), byte(rgb->g), byte(rgb->b), 255};
}

}  // namespace

DominantColors dominant_colors(const Pixels& pixels, bool build_missed) {
  Found found = choose(cut_colors(pixels, kSwatches));
  if (build_missed) {
    for (const auto& [missed, source] : kBuildings) {
      if (!found[missed] && found[source]) found[missed] = build(*found[source], kTargets[missed]);
    }
  }
  return {.vibrant = to_color(found[kVibrantName]),
          .light_vibrant = to_color(found[kLightVibrantName]),
          .dark_vibrant = to_color(found[kDarkVibrantName]),
          .muted = to_color(found[kMutedName]),
          .light_muted = to_color(found[kLightMutedName]),
          .dark_muted = to_color(found[kDarkMutedName])};
}

}  // namespace imgpeek
