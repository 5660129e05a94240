// libFuzzer over probe(): the input's first byte steers the options and the first range, the rest is
// the file. Needs are served from it, as the server does, until there is an answer.
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

// An answer must be JSON that can be made.
void use(const Info& info) {
  for (const auto& object : {info.exif, info.iptc, info.photoshop, info.xmp, info.video_meta}) {
    if (object) imgpeek::to_json(*object);
  }
  if (info.video_streams) imgpeek::to_json(imgpeek::Value(*info.video_streams));
}

// The part of the file that `range` names. Aborts unless there is something of it.
Bytes::Segment serve(const Range& range, ByteSpan file) {
  if (range.length == 0 || range.offset >= file.size()) std::abort();
  const std::uint64_t left = file.size() - range.offset;
  // Only a range to the end may be longer than the file.
  if (range.length > left && range.length != imgpeek::kToEnd) std::abort();
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
  if (size < 2) return 0;
  const unsigned steer = data[0];
  const ByteSpan file(data + 1, size - 1);
  const Wanted wanted{.exif_canonical = (steer & 1U) != 0,
                      .colorspace = (steer & 2U) != 0,
                      .bands = (steer & 2U) != 0,
                      .sample_format = (steer & 2U) != 0,
                      .pages_number = (steer & 4U) != 0};
  const bool last_round = (steer & 8U) != 0;
  const std::size_t first = std::size_t{1} << (4 + (steer >> 4U));
  std::vector<Bytes::Segment> held = {{0, file.first(first < file.size() ? first : file.size())}};
  for (unsigned round = 0; round < kMaxRounds; ++round) {
    Bytes bytes(held, file.size(), last_round);
    const imgpeek::ProbeResult result = imgpeek::probe(bytes, wanted);
    const Need* need = std::get_if<Need>(&result);
    if (need == nullptr) {
      if (const Info* info = std::get_if<Info>(&result)) use(*info);
      return 0;
    }
    if (last_round || need->ranges.empty()) std::abort();
    for (const Range& range : need->ranges) held.push_back(serve(range, file));
  }
  std::abort();
}
