#include "image/jxl/jxl_entropy.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace imgpeek {
namespace {

// The state that a stream of asymmetric numeral systems ends in.
constexpr std::uint32_t kFinalState = 0x130000;
constexpr unsigned kLogPrefixAlphabet = 15;
// C.3.3, with LZ77: the shape of lengths is told as for this alphabet.
constexpr unsigned kLogLengthAlphabet = 8;
constexpr std::size_t kLz77Window = 1U << 20U;
constexpr std::size_t kMaxDecoded = 1U << 24U;
constexpr std::uint32_t kMaxClusters = 256;
// C.2.2: the clusters are told by a stream of one context, whose own LZ77 has two at most.
constexpr int kMaxDepth = 2;

[[noreturn]] void fail() { throw Malformed("jxl: a damaged entropy-coded stream"); }

// The bits that it takes to tell a number up to `value`.
unsigned width_of(unsigned value) { return static_cast<unsigned>(std::bit_width(value)); }

// C.2.2: each is the place that the cluster had in a list, whose first it then becomes.
void undo_move_to_front(std::vector<std::uint8_t>& clusters) {
  std::vector<std::uint8_t> list(kMaxClusters);
  std::iota(list.begin(), list.end(), std::uint8_t{0});
  for (std::uint8_t& cluster : clusters) {
    const auto place = list.begin() + cluster;
    cluster = *place;
    std::rotate(list.begin(), place, place + 1);
  }
}

}  // namespace

JxlEntropy::JxlEntropy(JxlBits& bits, std::size_t contexts, int depth) : bits_(bits) {
  if (depth > kMaxDepth) fail();
  lz77_ = bits.flag();
  if (lz77_) {
    lz77_min_symbol_ = bits.u32({224}, {512}, {4096}, {8, 15});
    lz77_min_length_ = bits.u32({3}, {4}, {5, 2}, {9, 8});
    lz77_length_shape_ = read_shape(kLogLengthAlphabet);
    ++contexts;  // that of distances
  }
  clusters_.resize(contexts);
  if (contexts > 1) read_clusters(contexts, depth);
  const std::size_t count = *std::max_element(clusters_.begin(), clusters_.end()) + std::size_t{1};

  prefix_codes_ = bits.flag();
  const unsigned log_alphabet = prefix_codes_ ? kLogPrefixAlphabet : 5 + bits.bits(2);
  for (std::size_t i = 0; i < count; ++i) shapes_.push_back(read_shape(log_alphabet));
  if (prefix_codes_) {
    std::vector<std::uint32_t> sizes;
    for (std::size_t i = 0; i < count; ++i) sizes.push_back(read_jxl_varlen_u16(bits) + 1);
    for (const std::uint32_t size : sizes) {
      if (size > 1U << kLogPrefixAlphabet) fail();
      codes_.emplace_back(JxlPrefixCode::parse(bits, size));
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      codes_.emplace_back(std::in_place_type<JxlAnsCode>, bits, log_alphabet);
    }
    state_ = bits.bits(32);
  }
}

void JxlEntropy::read_clusters(std::size_t contexts, int depth) {
  const bool simple = bits_.flag();
  if (simple) {
    const unsigned width = bits_.bits(2);
    for (std::uint8_t& cluster : clusters_) cluster = static_cast<std::uint8_t>(bits_.bits(width));
    return;
  }
  const bool moved_to_front = bits_.flag();
  JxlEntropy stream(bits_, 1, depth + 1);
  if (stream.lz77_ && contexts <= 2) fail();
  for (std::uint8_t& cluster : clusters_) {
    const std::uint32_t value = stream.read(0);
    if (value >= kMaxClusters) fail();
    cluster = static_cast<std::uint8_t>(value);
  }
  stream.finish();
  if (moved_to_front) undo_move_to_front(clusters_);
}

JxlEntropy::TokenShape JxlEntropy::read_shape(unsigned log_alphabet_size) {
  TokenShape shape;
  shape.split_exponent = bits_.bits(width_of(log_alphabet_size));
  if (shape.split_exponent > log_alphabet_size) fail();
  if (shape.split_exponent == log_alphabet_size) return shape;
  shape.msb = bits_.bits(width_of(shape.split_exponent));
  if (shape.msb > shape.split_exponent) fail();
  shape.lsb = bits_.bits(width_of(shape.split_exponent - shape.msb));
  if (shape.msb + shape.lsb > shape.split_exponent) fail();
  return shape;
}

std::uint32_t JxlEntropy::read_token(std::size_t cluster) {
  const Code& code = codes_.at(cluster);
  if (const auto* prefix = std::get_if<JxlPrefixCode>(&code)) return prefix->read(bits_);
  return std::get<JxlAnsCode>(code).read(state_, bits_);
}

std::uint32_t JxlEntropy::read_integer(const TokenShape& shape, std::uint32_t token) {
  const std::uint32_t split = 1U << shape.split_exponent;
  if (token < split) return token;
  const unsigned in_token = shape.msb + shape.lsb;
  const std::uint32_t count = shape.split_exponent - in_token + ((token - split) >> in_token);
  if (count >= 32) fail();
  const std::uint64_t low = token & ((1U << shape.lsb) - 1);
  const std::uint64_t high = (token >> shape.lsb & ((1U << shape.msb) - 1)) | 1U << shape.msb;
  const std::uint64_t value = (high << count | bits_.bits(count)) << shape.lsb | low;
  if (value > UINT32_MAX) fail();
  return static_cast<std::uint32_t>(value);
}

std::uint32_t JxlEntropy::remember(std::uint32_t value) {
  if (decoded_.size() >= kMaxDecoded) fail();
  decoded_.push_back(value);
  return value;
}

std::uint32_t JxlEntropy::read(std::size_t context) {
  if (copies_ == 0) {
    const std::size_t cluster = clusters_.at(context);
    const std::uint32_t token = read_token(cluster);
    if (!lz77_) return read_integer(shapes_.at(cluster), token);
    if (token < lz77_min_symbol_) return remember(read_integer(shapes_.at(cluster), token));

    copies_ = std::uint64_t{read_integer(lz77_length_shape_, token - lz77_min_symbol_)} +
              lz77_min_length_;
    const std::size_t distances = clusters_.back();
    const std::uint64_t distance =
        std::uint64_t{read_integer(shapes_.at(distances), read_token(distances))} + 1;
    const auto back = std::min<std::uint64_t>({distance, decoded_.size(), kLz77Window});
    copy_from_ = decoded_.size() - static_cast<std::size_t>(back);
  }
  --copies_;
  const std::size_t from = copy_from_++;
  return remember(from < decoded_.size() ? decoded_[from] : 0);
}

void JxlEntropy::finish() const {
  if (!prefix_codes_ && state_ != kFinalState) fail();
}

}  // namespace imgpeek
