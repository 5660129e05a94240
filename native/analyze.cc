#include "analyze.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "pixels/attention.h"
#include "pixels/average.h"
#include "pixels/blurhash.h"
#include "pixels/color_values.h"
#include "pixels/dominant_colors.h"
#include "pixels/palette.h"
#include "pixels/perceptual_hash.h"
#include "pixels/shrink.h"
#include "pixels/thumb_hash.h"
#include "pixels/transparency.h"
#include "pixels/undecodable.h"
#include "value.h"

namespace imgpeek {
namespace {

// What encoders of ThumbHash shrink to.
constexpr unsigned kThumbHashSide = 100;

std::string text_json(const std::string& text) { return to_json(Value(text)); }

unsigned part_of(unsigned whole, double fraction) {
  return std::clamp(static_cast<unsigned>(std::lround(whole * fraction)), 1U, whole);
}

std::string smart_crop_json(const Pixels& pixels, const PartSize& size) {
  const Place place = find_attention(pixels, part_of(pixels.width, size.width),
                                     part_of(pixels.height, size.height));
  Object object;
  object.append("left", static_cast<double>(place.left) / pixels.width);
  object.append("top", static_cast<double>(place.top) / pixels.height);
  return to_json(object);
}

void read_colors(const Pixels& pixels, const AnalysisWanted& wanted, Analysis& analysis) {
  if (wanted.smart_crop) analysis.smart_crop = smart_crop_json(pixels, *wanted.smart_crop);
  if (wanted.palette > 0) {
    analysis.palette = to_json(Value(to_array(palette(pixels, wanted.palette))));
  }
  if (wanted.average) {
    analysis.average = to_json(to_object(average(pixels, wanted.average_ignores_transparent)));
  }
  if (wanted.dominant_colors) {
    analysis.dominant_colors = to_json(to_object(dominant_colors(pixels, wanted.build_missed)));
  }
  if (wanted.blurhash()) {
    analysis.blurhash = text_json(blurhash(pixels, wanted.blurhash_x, wanted.blurhash_y));
  }
  if (wanted.thumb_hash) {
    analysis.thumb_hash = text_json(thumb_hash(shrink(pixels, kThumbHashSide)));
  }
  if (wanted.perceptual_hash) analysis.perceptual_hash = text_json(perceptual_hash(pixels));
}

void read_copy(const Pixels& copy, const AnalysisWanted& wanted, Analysis& analysis) {
  for (const NetInput& net : wanted.nets) analysis.nets.push_back(scale_for_net(copy, net));
  if (!wanted.of_colors()) return;
  if (wanted.copy_side() == kWorkingSide) {
    read_colors(copy, wanted, analysis);
  } else {
    read_colors(shrink(copy, kWorkingSide), wanted, analysis);
  }
}

}  // namespace

unsigned AnalysisWanted::copy_side() const {
  unsigned side = kWorkingSide;
  for (const NetInput& net : nets) side = std::max(side, net.copy_side());
  return side;
}

AnalyzeResult analyze(const Picture& picture, const AnalysisWanted& wanted,
                      const DecodeLimits& limits) {
  try {
    Analysis analysis;
    std::optional<Decoded> copy;
    if (wanted.of_copy()) {
      copy = decode(picture, limits, wanted.copy_side());
      read_copy(copy->pixels, wanted, analysis);
    }
    if (wanted.transparency) {
      const bool seen_all = copy && copy->exact && limits.max_frames == 1;
      const bool found =
          seen_all ? has_transparency(copy->pixels) : find_transparency(picture, limits);
      analysis.transparency = found ? "true" : "false";
    }
    return analysis;
  } catch (const Undecodable& reason) {
    return Failure{reason.what()};
  }
}

AnalyzeResult analyze_frame(Bytes& bytes, const FrameWanted& frame, const AnalysisWanted& wanted,
                            const DecodeLimits& limits) {
  try {
    const Pixels pixels = decode_frame(bytes, frame, limits, wanted.copy_side());
    Analysis analysis;
    read_copy(pixels, wanted, analysis);
    if (wanted.transparency) analysis.transparency = has_transparency(pixels) ? "true" : "false";
    return analysis;
  } catch (Missing& missing) {
    return std::move(missing.need);
  } catch (const Undecodable& reason) {
    return Failure{reason.what()};
  } catch (const Malformed& reason) {
    return Failure{reason.what()};
  }
}

}  // namespace imgpeek
