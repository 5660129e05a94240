#include "video/fragments.h"

#include <algorithm>
#include <cstddef>

namespace imgpeek {
namespace {

// ISO/IEC 14496-12, 8.8.7.1: flags of `tfhd`.
constexpr std::uint32_t kBaseDataOffset = 0x000001;
constexpr std::uint32_t kSampleDescription = 0x000002;
constexpr std::uint32_t kDefaultDuration = 0x000008;
// 8.8.8.1: flags of `trun`.
constexpr std::uint32_t kDataOffset = 0x000001;
constexpr std::uint32_t kFirstSampleFlags = 0x000004;
constexpr std::uint32_t kSampleDuration = 0x000100;
constexpr std::uint32_t kSampleFields[] = {0x000100, 0x000200, 0x000400, 0x000800};
// 8.8.3.2: offsets in the contents of `trex`.
constexpr std::uint64_t kTrexTrack = 4;
constexpr std::uint64_t kTrexDuration = 12;
// 8.8.11.2: `mfro` ends the file and says how long `mfra` is.
constexpr std::uint64_t kIndexTrailer = 16;
// 8.8.10.2: the fields of `tfra` before its entries.
constexpr std::uint64_t kAccessTable = 16;

// What is fetched of the file's end to find the last fragment in: a few seconds of film.
constexpr std::uint64_t kTail = 262144;

struct Run {
  std::uint64_t samples = 0;
  std::uint64_t duration = 0;
};

Run read_run(Bytes& bytes, const Box& trun, std::uint32_t default_duration) {
  const std::uint32_t flags = read_full_box(bytes, trun).flags;
  Run run{.samples = bytes.be32(trun.body + kFullBoxHeader)};
  if ((flags & kSampleDuration) == 0) {
    run.duration = run.samples * default_duration;
    return run;
  }
  std::uint64_t at = trun.body + kFullBoxHeader + 4;
  if ((flags & kDataOffset) != 0) at += 4;
  if ((flags & kFirstSampleFlags) != 0) at += 4;
  std::uint64_t stride = 0;
  for (const std::uint32_t field : kSampleFields) stride += (flags & field) != 0 ? 4 : 0;
  if (at > trun.end) return {};
  run.samples = std::min(run.samples, (trun.end - at) / stride);
  const ByteSpan table = bytes.read(at, run.samples * stride);
  for (std::size_t i = 0; i < table.size(); i += static_cast<std::size_t>(stride)) {
    run.duration += be32(table, i);
  }
  return run;
}

void read_track_fragment(Bytes& bytes, const Box& traf, const DefaultDurations& defaults,
                         FragmentTracks& tracks) {
  const std::optional<Box> tfhd = find_child(bytes, traf, fourcc("tfhd"));
  if (!tfhd) return;
  const std::uint32_t flags = read_full_box(bytes, *tfhd).flags;
  const std::uint32_t id = bytes.be32(tfhd->body + kFullBoxHeader);
  std::uint32_t default_duration = 0;
  if ((flags & kDefaultDuration) != 0) {
    std::uint64_t at = tfhd->body + kFullBoxHeader + 4;
    if ((flags & kBaseDataOffset) != 0) at += 8;
    if ((flags & kSampleDescription) != 0) at += 4;
    default_duration = bytes.be32(at);
  } else if (const auto found = defaults.find(id); found != defaults.end()) {
    default_duration = found->second;
  }
  FragmentTrack& track = tracks[id];
  BoxWalker boxes(bytes, traf);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("tfdt") && !track.begin) {
      const std::uint64_t at = box->body + kFullBoxHeader;
      track.begin = bytes.u8(box->body) == 1 ? bytes.be64(at) : bytes.be32(at);
    } else if (box->type == fourcc("trun")) {
      const Run run = read_run(bytes, *box, default_duration);
      track.samples += run.samples;
      track.duration += run.duration;
    }
  }
}

// A box header at `at` in `data`, which lies at `offset` of the file and runs to its end.
bool is_fragment(ByteSpan data, std::size_t at) {
  if (data.size() - at < 24) return false;
  const std::uint32_t size = be32(data, at);
  return be32(data, at + 4) == fourcc("moof") && size >= 24 && size <= data.size() - at &&
         be32(data, at + 12) == fourcc("mfhd") && be32(data, at + 8) == 16;
}

std::optional<std::uint64_t> last_indexed_fragment(Bytes& bytes, std::uint64_t size) {
  if (size < kIndexTrailer) return std::nullopt;
  const std::uint64_t trailer = size - kIndexTrailer;
  if (bytes.be32(trailer + 4) != fourcc("mfro")) return std::nullopt;
  const std::uint64_t length = bytes.be32(trailer + 12);
  if (length > size || length < kIndexTrailer || length > kMaxFragmentHeader) return std::nullopt;
  bytes.require({{size - length, length}});
  BoxWalker outer(bytes, size - length, size);
  const std::optional<Box> mfra = outer.next();
  if (!mfra || mfra->type != fourcc("mfra")) return std::nullopt;
  std::optional<std::uint64_t> last;
  BoxWalker boxes(bytes, *mfra);
  while (const std::optional<Box> tfra = boxes.next()) {
    if (tfra->type != fourcc("tfra") || tfra->body_length() < kAccessTable) continue;
    const bool wide = bytes.u8(tfra->body) == 1;
    const std::uint32_t lengths = bytes.be32(tfra->body + 8);
    const std::uint64_t count = bytes.be32(tfra->body + 12);
    // 8.8.10.2: three two-bit lengths, less one, of the numbers after time and offset.
    const std::uint64_t entry =
        (wide ? 16U : 8U) + (lengths >> 4U & 3U) + (lengths >> 2U & 3U) + (lengths & 3U) + 3U;
    if (count == 0 || count > (tfra->body_length() - kAccessTable) / entry) continue;
    const std::uint64_t at = tfra->body + kAccessTable + (count - 1) * entry;
    const std::uint64_t offset = wide ? bytes.be64(at + 8) : bytes.be32(at + 4);
    last = std::max(last.value_or(0), offset);
  }
  return last;
}

}  // namespace

DefaultDurations read_extends(Bytes& bytes, const Box& mvex,
                              std::optional<std::uint64_t>& duration) {
  DefaultDurations defaults;
  BoxWalker boxes(bytes, mvex);
  while (const std::optional<Box> box = boxes.next()) {
    if (box->type == fourcc("trex")) {
      defaults[bytes.be32(box->body + kTrexTrack)] = bytes.be32(box->body + kTrexDuration);
    } else if (box->type == fourcc("mehd")) {
      const std::uint64_t at = box->body + kFullBoxHeader;
      duration = bytes.u8(box->body) == 1 ? bytes.be64(at) : bytes.be32(at);
    }
  }
  return defaults;
}

FragmentTracks read_fragment(Bytes& bytes, const Box& moof, const DefaultDurations& defaults) {
  FragmentTracks tracks;
  if (moof.body_length() > kMaxFragmentHeader) return tracks;
  bytes.require({{moof.offset, moof.end - moof.offset}});
  try {
    BoxWalker boxes(bytes, moof);
    while (const std::optional<Box> box = boxes.next()) {
      if (box->type == fourcc("traf")) read_track_fragment(bytes, *box, defaults, tracks);
    }
  } catch (const Malformed&) {
    // The file ends within the fragment.
  }
  return tracks;
}

std::optional<double> read_segment_index(Bytes& bytes, const Box& sidx) {
  // 8.16.3.2: after the times, reserved bits and a count come entries of 12 bytes.
  constexpr std::uint64_t kEntry = 12;
  constexpr std::uint32_t kPointsToIndex = 0x80000000;
  if (sidx.body_length() < kFullBoxHeader + 20 || sidx.body_length() > kMaxFragmentHeader) {
    return std::nullopt;
  }
  const bool wide = bytes.u8(sidx.body) == 1;
  const std::uint32_t timescale = bytes.be32(sidx.body + kFullBoxHeader + 4);
  const std::uint64_t begin = sidx.body + kFullBoxHeader + 8 + (wide ? 16U : 8U);
  const std::uint64_t count = bytes.be16(begin + 2);
  if (timescale == 0 || count == 0) return std::nullopt;
  if (begin + 4 + count * kEntry > sidx.end) return std::nullopt;
  const ByteSpan entries = bytes.read(begin + 4, count * kEntry);
  std::uint64_t sum = 0;
  std::uint64_t covered = sidx.end + (wide ? bytes.be64(begin - 8) : bytes.be32(begin - 4));
  for (std::size_t i = 0; i < entries.size(); i += kEntry) {
    const std::uint32_t reference = be32(entries, i);
    covered += reference & ~kPointsToIndex;
    sum += be32(entries, i + 4);
  }
  // A file may hold a chain of indexes, or only the first's segments.
  const std::optional<std::uint64_t> size = bytes.size();
  constexpr std::uint64_t kTrailingBoxes = 65536;
  if (size && covered + kTrailingBoxes < *size) return std::nullopt;
  return static_cast<double>(sum) / timescale;
}

std::optional<Box> find_last_fragment(Bytes& bytes, std::uint64_t size) {
  const std::uint64_t begin = size - std::min(size, kTail);
  bytes.require({{begin, size - begin}});
  try {
    if (const std::optional<std::uint64_t> offset = last_indexed_fragment(bytes, size)) {
      BoxWalker boxes(bytes, *offset, size);
      const std::optional<Box> box = boxes.next();
      if (box && box->type == fourcc("moof")) return box;
    }
    const ByteSpan tail = bytes.read(begin, size - begin);
    for (std::size_t at = tail.size(); at-- > 0;) {
      if (!is_fragment(tail, at)) continue;
      BoxWalker boxes(bytes, begin + at, size);
      return boxes.next();
    }
  } catch (const Malformed&) {
    // The file ends before its size says.
  }
  return std::nullopt;
}

}  // namespace imgpeek
