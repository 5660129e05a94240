#include "image/jxl/jxl_ans_code.h"

#include <algorithm>
#include <array>

namespace imgpeek {
namespace {

// The frequencies of a distribution add up to this.
constexpr unsigned kLogRange = 12;
constexpr std::uint32_t kRange = 1U << kLogRange;
constexpr std::uint32_t kLowestState = 1U << 16U;

// C.2.5, table C.4: the code of the logarithms of frequencies, one more than they are.
struct LogCode {
  std::uint8_t bits;
  std::uint8_t length;
  std::uint8_t value;
};
constexpr std::array<LogCode, 14> kLogCodes = {{{0b000, 3, 10},
                                                {0b010, 3, 7},
                                                {0b100, 3, 6},
                                                {0b101, 3, 8},
                                                {0b110, 3, 9},
                                                {0b0011, 4, 3},
                                                {0b1011, 4, 1},
                                                {0b0111, 4, 5},
                                                {0b1111, 4, 2},
                                                {0b1001, 4, 4},
                                                {0b10001, 5, 0},
                                                {0b100001, 6, 11},
                                                {0b0000001, 7, 12},
                                                {0b1000001, 7, 13}}};
constexpr unsigned kRepeatCode = 13;
constexpr unsigned kLongestLogCode = 7;

[[noreturn]] void fail() { throw Malformed("jxl: a damaged distribution"); }

std::uint32_t read_varlen(JxlBits& bits, unsigned length_bits) {
  if (!bits.flag()) return 0;
  const unsigned length = bits.bits(length_bits);
  return (1U << length) + bits.bits(length);
}

unsigned read_log_code(JxlBits& bits) {
  unsigned value = 0;
  for (unsigned length = 1; length <= kLongestLogCode; ++length) {
    value |= bits.bits(1) << (length - 1);
    for (const LogCode& code : kLogCodes) {
      if (code.length == length && code.bits == value) return code.value;
    }
  }
  fail();
}

using Frequencies = std::vector<std::uint32_t>;

Frequencies read_simple(JxlBits& bits) {
  const bool two = bits.flag();
  const std::uint32_t first = read_jxl_varlen_u8(bits);
  const std::uint32_t second = two ? read_jxl_varlen_u8(bits) : first;
  Frequencies frequencies(std::max(first, second) + 1);
  frequencies[first] = kRange;
  if (!two) return frequencies;
  if (first == second) fail();
  frequencies[first] = bits.bits(kLogRange);
  frequencies[second] = kRange - frequencies[first];
  return frequencies;
}

Frequencies make_flat(std::uint32_t size) {
  Frequencies frequencies(size, kRange / size);
  for (std::uint32_t i = 0; i < kRange % size; ++i) ++frequencies[i];
  return frequencies;
}

// How precisely the frequencies are told.
unsigned read_shift(JxlBits& bits) {
  constexpr unsigned kMaxLog = 3;
  unsigned log = 0;
  while (log < kMaxLog && bits.flag()) ++log;
  const unsigned shift = (bits.bits(log) | 1U << log) - 1;
  if (shift > kLogRange + 1) fail();
  return shift;
}

// The frequency of a logarithm, with as many of its lower bits as `shift` grants.
std::uint32_t read_frequency(JxlBits& bits, unsigned log, unsigned shift) {
  const unsigned coarser = (kLogRange - log) >> 1U;
  const unsigned precise = shift > coarser ? std::min(log, shift - coarser) : 0;
  return (1U << log) + (bits.bits(precise) << (log - precise));
}

Frequencies read_frequencies(JxlBits& bits) {
  struct Step {
    unsigned code = 0;
    std::uint32_t run = 1;  // symbols that it stands for
  };
  const unsigned shift = read_shift(bits);
  const std::uint32_t size = read_jxl_varlen_u8(bits) + 3;
  std::vector<Step> steps;
  std::size_t omitted = 0;  // the first of the largest logarithm: what the others leave
  for (std::uint32_t symbol = 0; symbol < size;) {
    Step step{.code = read_log_code(bits)};
    if (step.code == kRepeatCode) {
      step.run = std::min(read_jxl_varlen_u8(bits) + 4, size - symbol);
    } else if (steps.empty() || steps[omitted].code == kRepeatCode ||
               step.code > steps[omitted].code) {
      omitted = steps.size();
    }
    symbol += step.run;
    steps.push_back(step);
  }
  if (steps[omitted].code == kRepeatCode || steps[omitted].code == 0 ||
      (omitted + 1 < steps.size() && steps[omitted + 1].code == kRepeatCode)) {
    fail();
  }
  Frequencies frequencies;
  std::size_t omitted_symbol = 0;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::uint32_t frequency = 0;
    if (i == omitted) {
      omitted_symbol = frequencies.size();
    } else if (steps[i].code == kRepeatCode) {
      frequency = frequencies.empty() ? 0 : frequencies.back();
    } else if (steps[i].code != 0) {
      frequency = read_frequency(bits, steps[i].code - 1, shift);
    }
    frequencies.insert(frequencies.end(), steps[i].run, frequency);
    total += std::uint64_t{frequency} * steps[i].run;
  }
  if (total >= kRange) fail();
  frequencies[omitted_symbol] = kRange - static_cast<std::uint32_t>(total);
  return frequencies;
}

Frequencies read_distribution(JxlBits& bits) {
  if (bits.flag()) return read_simple(bits);
  if (bits.flag()) return make_flat(read_jxl_varlen_u8(bits) + 1);
  return read_frequencies(bits);
}

}  // namespace

std::uint32_t read_jxl_varlen_u8(JxlBits& bits) { return read_varlen(bits, 3); }
std::uint32_t read_jxl_varlen_u16(JxlBits& bits) { return read_varlen(bits, 4); }

JxlAnsCode::JxlAnsCode(JxlBits& bits, unsigned log_alphabet_size)
    : frequencies_(read_distribution(bits)), log_bucket_size_(kLogRange - log_alphabet_size) {
  if (frequencies_.size() > std::size_t{1} << log_alphabet_size) fail();
  build_alias_table(log_alphabet_size);
}

// C.2.6: buckets that a symbol does not fill get the rest of one that has too much, the last of
// either kind first.
void JxlAnsCode::build_alias_table(unsigned log_alphabet_size) {
  const std::size_t size = std::size_t{1} << log_alphabet_size;
  const std::uint32_t bucket_size = 1U << log_bucket_size_;
  frequencies_.resize(size);
  buckets_.resize(size);
  // A symbol alone leaves the state as it is.
  const auto alone = std::find(frequencies_.begin(), frequencies_.end(), kRange);
  if (alone != frequencies_.end()) {
    for (std::size_t i = 0; i < size; ++i) {
      buckets_[i] = {0, static_cast<std::uint32_t>(alone - frequencies_.begin()),
                     static_cast<std::uint32_t>(i) * bucket_size};
    }
    return;
  }
  std::vector<std::size_t> underfull;
  std::vector<std::size_t> overfull;
  for (std::size_t i = 0; i < size; ++i) {
    buckets_[i].cutoff = frequencies_[i];
    if (frequencies_[i] > bucket_size) overfull.push_back(i);
    if (frequencies_[i] < bucket_size) underfull.push_back(i);
  }
  while (!overfull.empty()) {
    if (underfull.empty()) fail();
    const std::size_t from = overfull.back();
    const std::size_t to = underfull.back();
    overfull.pop_back();
    underfull.pop_back();
    buckets_[from].cutoff -= bucket_size - buckets_[to].cutoff;
    buckets_[to].other = static_cast<std::uint32_t>(from);
    buckets_[to].offset = buckets_[from].cutoff - buckets_[to].cutoff;
    if (buckets_[from].cutoff < bucket_size) underfull.push_back(from);
    if (buckets_[from].cutoff > bucket_size) overfull.push_back(from);
  }
}

std::uint32_t JxlAnsCode::read(std::uint32_t& state, JxlBits& bits) const {
  const std::uint32_t share = state & (kRange - 1);
  const std::uint32_t index = share >> log_bucket_size_;
  const std::uint32_t position = share & ((1U << log_bucket_size_) - 1);
  const Bucket& bucket = buckets_.at(index);
  const bool own = position < bucket.cutoff;
  const std::uint32_t symbol = own ? index : bucket.other;
  const std::uint32_t offset = own ? position : bucket.offset + position;
  state = frequencies_.at(symbol) * (state >> kLogRange) + offset;
  if (state < kLowestState) state = state << 16U | bits.bits(16);
  return symbol;
}

}  // namespace imgpeek
