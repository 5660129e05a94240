#include "front/head_queue.h"

#include <algorithm>
#include <string_view>

#include "front/request_head.h"

namespace imgpeek {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

// Behind the first head of `text` that ends at or after `from`, or npos.
std::size_t find_end(std::string_view text, std::size_t from) {
  const std::size_t overlap = kHeadEnd.size() - 1;
  const std::size_t end = text.find(kHeadEnd, from - std::min(from, overlap));
  return end == std::string_view::npos ? end : end + kHeadEnd.size();
}

// RFC 9110, 9.1: a method is a token, and all that are known begin with a letter. What does not is
// refused before its end comes, such as a TLS hello.
bool may_begin_head(std::string_view text) {
  if (text.empty()) return true;
  const char first = text[0];
  return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
}

}  // namespace

bool HeadQueue::ready() const {
  if (held_.empty() || last_) return false;
  return body_ != 0 || find_end(held_, scanned_) != std::string::npos;
}

HeadQueue::Popped HeadQueue::pop(std::span<char> buffer, std::size_t received,
                                 std::span<const std::string> kept) {
  if (last_) return {Status::kIncomplete, 0};
  const std::string_view brought(buffer.data(), received);
  // Most often one head comes alone and whole: it is not copied.
  const bool alone =
      held_.empty() && body_ == 0 && may_begin_head(brought) && find_end(brought, 0) == received;
  std::size_t length = received;
  if (!alone) {
    held_.append(brought);
    if (body_ != 0) {
      length =
          static_cast<std::size_t>(std::min<std::uint64_t>({body_, held_.size(), buffer.size()}));
      take(buffer, length);
      body_ -= length;
      if (body_ == 0) drop_empty_line();
      return {Status::kBody, length};
    }
    drop_empty_line();
    const bool half_a_line = held_ == kLineEnd.substr(0, 1) && !dropped_;
    if (!may_begin_head(held_) && !half_a_line) return {Status::kMalformed, 0};
    length = find_end(held_, scanned_);
    if (length == std::string::npos) {
      scanned_ = held_.size();
      if (held_.size() < kMaxHead) return {Status::kIncomplete, 0};
      const bool in_target = held_.find('\n') == std::string::npos;
      return {in_target ? Status::kTargetTooLong : Status::kFieldsTooLong, 0};
    }
    take(buffer, length);
  }
  const MendedHead mended = mend_request_head(buffer, length, kept);
  if (!mended.well_formed) return {Status::kMalformed, 0};
  body_ = mended.body;
  last_ = mended.chunked;
  dropped_ = false;
  if (body_ == 0) drop_empty_line();
  return {Status::kHead, mended.length};
}

void HeadQueue::drop_empty_line() {
  if (dropped_ || !held_.starts_with(kLineEnd)) return;
  held_.erase(0, kLineEnd.size());
  scanned_ = 0;
  dropped_ = true;
}

void HeadQueue::take(std::span<char> buffer, std::size_t length) {
  held_.copy(buffer.data(), length);
  held_.erase(0, length);
  scanned_ = 0;
  if (held_.empty()) held_ = std::string();  // idle connections keep no memory
}

}  // namespace imgpeek
