#include "image/png/png_chunks.h"

#include <zlib.h>

#include <algorithm>
#include <string_view>

#include "image/chunk_chain.h"

namespace imgpeek {
namespace {

using namespace std::string_view_literals;

constexpr FourCc kIdat = fourcc("IDAT");
constexpr FourCc kIend = fourcc("IEND");

// 5.3: a length is no more than 2^31 - 1.
constexpr std::uint32_t kMaxLength = 0x7FFFFFFF;

// IEND with its checksum, which is always the same.
constexpr std::string_view kIendChunk = "\0\0\0\0IEND\xAE\x42\x60\x82"sv;

// Bounds the walk over a file of empty chunks.
constexpr unsigned kMaxChunks = 4096;

// Where the size is not known the pixels must be read to get past them: this many chunks more.
constexpr unsigned kMaxPixelChunks = 64;

// What is fetched of the end where what stands behind the pixels cannot be told to be less: it
// holds a chunk of pixels of 32 KiB, which many writers make, and small chunks after it; or an XMP
// packet with its padding, or EXIF without a thumbnail.
constexpr std::uint64_t kTailLength = std::uint64_t{40} * 1024;

bool is_letter(std::uint8_t byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

std::optional<PngChunk> parse_header(ByteSpan header, std::uint64_t offset) {
  if (header.size() < PngChunk::kHeaderLength) return std::nullopt;
  const std::uint32_t length = be32(header, 0);
  if (length > kMaxLength || !std::all_of(header.begin() + 4, header.begin() + 8, is_letter)) {
    return std::nullopt;
  }
  return PngChunk{.type = be32(header, 4), .offset = offset, .length = length};
}

// Where the tail begins that is fetched of a file of `size` bytes, behind its first chunk of
// pixels.
std::uint64_t tail_start(const PngChunk& first, std::uint64_t size) {
  return size - first.end() > kTailLength ? size - kTailLength : first.end();
}

// The whole length of the chunk at `offset` of `tail`, where its checksum is right; else 0.
std::size_t intact_length(ByteSpan tail, std::size_t offset) {
  if (tail.size() - offset < PngChunk::kOverhead) return 0;
  const auto chunk = parse_header(tail.subspan(offset, PngChunk::kHeaderLength), offset);
  if (!chunk || chunk->end() > tail.size()) return 0;
  const ByteSpan checked = tail.subspan(offset + 4, static_cast<std::size_t>(chunk->length) + 4);
  const uLong checksum = crc32(0, checked.data(), static_cast<uInt>(checked.size()));
  const auto end = static_cast<std::size_t>(chunk->end());
  return checksum == be32(tail, end - 4) ? end - offset : 0;
}

}  // namespace

std::optional<PngChunk> PngChunks::read_header(std::uint64_t offset) {
  return parse_header(bytes_.read_up_to(offset, PngChunk::kHeaderLength), offset);
}

std::optional<PngChunk> PngChunks::next() {
  if (count_++ >= kMaxChunks) return std::nullopt;
  // IEND takes all of the overhead, so that what is no longer needs not be fetched.
  const std::uint64_t size = bytes_.size().value_or(kToEnd);
  if (size < offset_ || size - offset_ <= PngChunk::kOverhead) return std::nullopt;
  hops_.reach(offset_, PngChunk::kHeaderLength);
  const std::optional<PngChunk> chunk = read_header(offset_);
  if (!chunk || chunk->type == kIend) return std::nullopt;
  offset_ = chunk->end();
  return chunk;
}

bool PngChunks::skip_pixels(const PngChunk& first, bool is_animated) {
  const std::optional<std::uint64_t> size = bytes_.size();
  if (!size) {
    count_ = std::max(count_, kMaxChunks - kMaxPixelChunks);
    return true;
  }
  if (*size <= first.end() + PngChunk::kOverhead) return false;
  std::optional<std::uint64_t> start;
  if (!is_animated) start = find_by_stride(first, *size);
  if (!start) start = find_in_tail(first, *size);
  if (start) offset_ = *start;
  return start.has_value();
}

// Writers cut the pixels into chunks of one size, of which the last alone is shorter: so the place
// of the last one is arithmetic. The tail comes with its header, so that neither a step behind a
// long last chunk costs a round, nor a writer that does otherwise.
std::optional<std::uint64_t> PngChunks::find_by_stride(const PngChunk& first, std::uint64_t size) {
  const std::uint64_t stride = first.end() - first.offset;
  const std::uint64_t last =
      first.offset + (size - PngChunk::kOverhead - first.offset) / stride * stride;
  // A second chunk as long as the first makes it likely that the last one is where it should be.
  const auto held = parse_header(bytes_.held(first.end(), PngChunk::kHeaderLength), first.end());
  const bool is_regular = held && held->type == kIdat && held->length == first.length;
  const std::uint64_t tail = std::max(tail_start(first, size), is_regular ? last : 0);
  bytes_.require({{first.end(), PngChunk::kHeaderLength},
                  {last, PngChunk::kHeaderLength},
                  {tail, size - tail}});
  const std::optional<PngChunk> second = read_header(first.end());
  if (!second || second->type != kIdat) return first.end();
  const std::optional<PngChunk> chunk = read_header(last);
  if (chunk && chunk->length <= first.length && (chunk->type == kIdat || chunk->type == kIend)) {
    return last;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> PngChunks::find_in_tail(const PngChunk& first, std::uint64_t size) {
  const std::uint64_t start = tail_start(first, size);
  const ByteSpan tail = bytes_.read_up_to(start, size - start);
  if (start == first.end()) return start;
  const std::size_t end = as_text(tail).rfind(kIendChunk);
  if (end == std::string_view::npos) return std::nullopt;
  const ByteSpan before = tail.first(end);
  // A checksum is only worth computing where the length fits, which is seldom by chance; `spent`
  // keeps a hostile tail from being one long row of chances.
  std::uint64_t spent = 0;
  const auto length_at = [before, &spent](std::size_t offset) -> std::size_t {
    if (spent > kTailLength * 64) return 0;
    const std::size_t length = intact_length(before, offset);
    spent += length;
    return length;
  };
  return start + find_chunk_chain(end, length_at);
}

}  // namespace imgpeek
