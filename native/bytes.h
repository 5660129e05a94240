// The sparse view of a remote file that every reader works on.
//
// A reader asks for bytes as if the file were whole. What is not held is thrown as Missing, which
// unwinds to probe() and becomes a Need for the caller to fetch; probe() is then run again from the
// start over more bytes. Readers therefore keep no state between runs and never block.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace imgpeek {

using ByteSpan = std::span<const std::uint8_t>;

// Offsets and lengths are in bytes from the start of the file.
struct Range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// The length of a Range that runs to the end of a file whose size is not known.
inline constexpr std::uint64_t kToEnd = UINT64_MAX;

// The ranges that must be fetched before a reader can go on; all of them are known to be wanted.
struct Need {
  std::vector<Range> ranges;
};

// Thrown by Bytes where a byte is not held but may exist. Only probe() catches it.
struct Missing {
  Need need;
};

// Thrown by readers, and by Bytes at the end of the file, where the bytes cannot be what the format
// prescribes. In a metadata block it means that the block is left out.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// How long a probe may take: as long as its limits allow, or no longer than a thread that others
// wait for can spare.
enum class Effort : std::uint8_t { kFull, kBrief };

// Thrown in a brief probe before what may take longer. Only probe_briefly() catches it.
struct TooLong {};

// Bytes does not own the segments' memory: it must outlive Bytes and every span that Bytes gave.
// Not safe for use by several threads at once.
class Bytes {
 public:
  struct Segment {
    std::uint64_t offset = 0;
    ByteSpan data;
  };

  // `segments` may come in any order and overlap. `size` is the size of the whole file, if known.
  // When `last_round` is set nothing more can be fetched: what is not held counts as past the end.
  Bytes(std::vector<Segment> segments, std::optional<std::uint64_t> size, bool last_round = false,
        Effort effort = Effort::kFull);
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  std::optional<std::uint64_t> size() const { return size_; }

  // True in the last round: nothing can be fetched any more, answer from what is held.
  bool last_round() const { return last_round_; }

  Effort effort() const { return effort_; }

  // Readers that may be asked to be brief call it before work that no number of bytes held bounds
  // well, such as inflating. Throws TooLong in a brief probe.
  void take_time() const {
    if (effort_ == Effort::kBrief) throw TooLong{};
  }

  // The size of the file, or Missing to its end where it is not known.
  std::uint64_t require_size();

  // Exactly `length` bytes at `offset`. Throws Missing, or Malformed where the file ends before.
  // The span lives as long as this object. Contiguous held bytes are not copied.
  ByteSpan read(std::uint64_t offset, std::uint64_t length);

  // Like read(), but shorter (perhaps empty) where the file ends before.
  ByteSpan read_up_to(std::uint64_t offset, std::uint64_t length);

  // What of [offset, offset + length) is held in one run from `offset` on. Never throws.
  ByteSpan held(std::uint64_t offset, std::uint64_t length) const;

  // What of `range` is held, for a file inside this one: offsets count from its first byte.
  std::vector<Segment> held_in(Range range) const;

  // Throws one Missing with all of `ranges` that are not held, so that they are fetched at once.
  // Ranges past the end of the file are left out.
  void require(std::span<const Range> ranges);
  void require(std::initializer_list<Range> ranges) {
    require(std::span<const Range>(ranges.begin(), ranges.size()));
  }

  // The most that keep() keeps, in bytes: some blocks of metadata of the longest kind, and parts of
  // the file that had to be stitched.
  static constexpr std::size_t kMaxKept = std::size_t{256} << 20U;

  // Keeps bytes that a reader made (inflated, stitched) alive as long as this object. Throws
  // Malformed where they are more than kMaxKept together.
  ByteSpan keep(std::vector<std::uint8_t> made);

  // Big- and little-endian unsigned integers at `offset`; they throw as read() does.
  std::uint8_t u8(std::uint64_t offset);
  std::uint16_t be16(std::uint64_t offset);
  std::uint32_t be32(std::uint64_t offset);
  std::uint64_t be64(std::uint64_t offset);
  std::uint16_t le16(std::uint64_t offset);
  std::uint32_t le32(std::uint64_t offset);
  std::uint64_t le64(std::uint64_t offset);

  // True where the file holds `magic` at `offset`; false also where it ends before.
  bool matches(std::uint64_t offset, std::string_view magic);

 private:
  // The index of the segment that holds `offset`, or -1.
  std::ptrdiff_t find(std::uint64_t offset) const;
  // The first range inside [offset, end) that is not held; length 0 where all is.
  Range first_gap(std::uint64_t offset, std::uint64_t end) const;

  std::vector<Segment> segments_;  // sorted by offset, without overlap
  std::optional<std::uint64_t> size_;
  bool last_round_;
  Effort effort_;
  std::deque<std::vector<std::uint8_t>> kept_;
  std::size_t kept_length_ = 0;
};

// Integers inside a span that is already held. Malformed where the span is too short.
std::uint16_t be16(ByteSpan data, std::size_t offset);
std::uint32_t be32(ByteSpan data, std::size_t offset);
std::uint64_t be64(ByteSpan data, std::size_t offset);
std::uint16_t le16(ByteSpan data, std::size_t offset);
std::uint32_t le32(ByteSpan data, std::size_t offset);
std::uint64_t le64(ByteSpan data, std::size_t offset);

// The same of files that come in either order.
enum class ByteOrder { kLittle, kBig };
std::uint16_t ordered16(ByteSpan data, std::size_t offset, ByteOrder order);
std::uint32_t ordered32(ByteSpan data, std::size_t offset, ByteOrder order);
std::uint64_t ordered64(ByteSpan data, std::size_t offset, ByteOrder order);

// data.subspan(offset, length) that throws Malformed where it does not fit.
ByteSpan slice(ByteSpan data, std::size_t offset, std::size_t length);

// The bytes as text, without checking their encoding. Lives as long as `data`'s memory.
std::string_view as_text(ByteSpan data);

}  // namespace imgpeek
