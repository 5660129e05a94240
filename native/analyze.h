// What the pixels of a picture say.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "info.h"
#include "pixels/decode.h"
#include "pixels/net_pixels.h"
#include "video/frame.h"

namespace imgpeek {

// The size of a part to cut out, as fractions of the picture: above 0, at most 1.
struct PartSize {
  double width = 1;
  double height = 1;
};

// Which fields are asked for.
struct AnalysisWanted {
  bool transparency = false;
  std::optional<PartSize> smart_crop;
  unsigned palette = 0;  // colours: none or 2 to 256
  bool average = false;
  bool average_ignores_transparent = true;
  bool dominant_colors = false;
  bool build_missed = false;  // dominant colours that are not found
  unsigned blurhash_x = 0;    // components: none or 1 to 9
  unsigned blurhash_y = 0;
  bool thumb_hash = false;
  bool perceptual_hash = false;
  std::vector<NetInput> nets;

  bool of_copy() const { return of_colors() || !nets.empty(); }
  bool of_colors() const {
    return smart_crop || palette > 0 || average || dominant_colors || blurhash() || thumb_hash ||
           perceptual_hash;
  }
  // The longest side of the copy that is decoded: as much as the nets take, kWorkingSide at the
  // least.
  unsigned copy_side() const;
  bool blurhash() const { return blurhash_x > 0 && blurhash_y > 0; }
};

// The fields that are asked for, each as JSON text; and pixels for the nets, in their order.
struct Analysis {
  std::optional<std::string> transparency;
  std::optional<std::string> smart_crop;  // {"left":…,"top":…}, fractions
  std::optional<std::string> palette;
  std::optional<std::string> average;
  std::optional<std::string> dominant_colors;
  std::optional<std::string> blurhash;
  std::optional<std::string> thumb_hash;
  std::optional<std::string> perceptual_hash;
  std::vector<NetPixels> nets;
};

using AnalyzeResult = std::variant<Analysis, Need, Failure>;

// Decodes the picture, once shrunk to a copy and once more in full for its transparency, and
// says what is asked; as it is held whole, nothing is needed. Takes long: never on a thread that
// others wait for. Never throws but for std::bad_alloc; safe to call from any thread.
AnalyzeResult analyze(const Picture& picture, const AnalysisWanted& wanted,
                      const DecodeLimits& limits) noexcept(false);

// The same of a frame of a film, or which bytes it takes to say so: as of a probe, the caller
// fetches those and calls again with all that it holds.
AnalyzeResult analyze_frame(Bytes& bytes, const FrameWanted& frame, const AnalysisWanted& wanted,
                            const DecodeLimits& limits) noexcept(false);

}  // namespace imgpeek
