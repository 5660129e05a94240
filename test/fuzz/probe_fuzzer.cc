// libFuzzer over probe(): the input's first bytes steer the options, the first range and whether
// the origin says the size; the rest is the file. Needs are served from it, as the server does,
// until there is an answer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <variant>
#include <vector>

#include "bytes.h"
#include "image/vips_header.h"
#include "probe.h"
#include "value.h"
#include "video/video.h"

namespace {

using imgpeek::Bytes;
using imgpeek::ByteSpan;
using imgpeek::Info;
using imgpeek::Need;
using imgpeek::Range;
using imgpeek::Wanted;

// Above what the hostile files of the tests take; a probe that asks for more asks without end.
constexpr unsigned kMaxRounds = 1000;

constexpr std::size_t kSteeringBytes = 2;

// How a probe is asked, from the input's first two bytes.
struct Steering {
  Wanted wanted;
  std::size_t first_range;
  bool last_round;
  bool size_unknown;
};

Steering to_steering(unsigned low, unsigned high) {
  const auto bit = [](unsigned byte, unsigned index) { return (byte >> index & 1U) != 0; };
  return {.wanted = {.dimensions = !bit(high, 1),
                     .exif = !bit(high, 2),
                     .exif_canonical = bit(low, 0),
                     .iptc = !bit(high, 3),
                     .xmp = !bit(high, 4),
                     .video_meta = !bit(high, 5),
                     .colorspace = bit(low, 1),
                     .bands = bit(low, 1),
                     .sample_format = bit(low, 1),
                     .pages_number = bit(low, 2)},
          .first_range = std::size_t{1} << (4 + (low >> 4U)),
          .last_round = bit(low, 3),
          .size_unknown = bit(high, 0)};
}

// An answer must be JSON that can be made.
void use(const Info& info) {
  for (const auto& object : {info.iptc, info.photoshop, info.xmp, info.video_meta}) {
    if (object) imgpeek::to_json(*object);
  }
  if (info.video_streams) imgpeek::to_json(imgpeek::Value(*info.video_streams));
}

// The part of the file that `range` names. Aborts where a reader that knows the size asks for what
// is not there.
Bytes::Segment serve(const Range& range, ByteSpan file, bool size_known) {
  if (range.length == 0) std::abort();
  if (range.offset >= file.size()) {
    if (size_known) std::abort();
    return {file.size(), {}};
  }
  const std::uint64_t left = file.size() - range.offset;
  // Only a range to the end may be longer than the file.
  if (size_known && range.length > left && range.length != imgpeek::kToEnd) std::abort();
  const auto length = static_cast<std::size_t>(range.length < left ? range.length : left);
  return {range.offset, file.subspan(static_cast<std::size_t>(range.offset), length)};
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*arguments*/) {
  imgpeek::start_vips();
  imgpeek::start_libav();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kSteeringBytes) return 0;
  const Steering steering = to_steering(data[0], data[1]);
  const ByteSpan file(data + kSteeringBytes, size - kSteeringBytes);
  std::optional<std::uint64_t> known_size;
  if (!steering.size_unknown) known_size = file.size();
  const std::size_t first = steering.first_range < file.size() ? steering.first_range : file.size();
  std::vector<Bytes::Segment> held = {{0, file.first(first)}};
  for (unsigned round = 0; round < kMaxRounds; ++round) {
    Bytes bytes(held, known_size, steering.last_round);
    const imgpeek::ProbeResult result = imgpeek::probe(bytes, steering.wanted);
    const Need* need = std::get_if<Need>(&result);
    if (need == nullptr) {
      if (const Info* info = std::get_if<Info>(&result)) use(*info);
      return 0;
    }
    if (steering.last_round || need->ranges.empty()) std::abort();
    const bool size_known = known_size.has_value();
    for (const Range& range : need->ranges) {
      held.push_back(serve(range, file, size_known));
      // A range that comes short tells the size, as an origin's answer does.
      if (held.back().data.size() != range.length) known_size = file.size();
    }
  }
  std::abort();
}
