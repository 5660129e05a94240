// libFuzzer over HeadQueue: the input's first byte is in what pieces the rest comes, which is what
// a connection brought.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "front/head_queue.h"

namespace {

using imgpeek::HeadQueue;

constexpr std::string_view kHeadEnd = "\r\n\r\n";

// Aborts unless there is one head in what is said to be one.
void check_head(std::string_view head) {
  if (head.find(kHeadEnd) + kHeadEnd.size() != head.size()) std::abort();
  for (std::size_t at = 0; at < head.size(); ++at) {
    if (head[at] == '\n' && (at == 0 || head[at - 1] != '\r')) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::vector<std::string> kept = {"host", "connection", "authorization"};
  const std::size_t step = data[0] == 0 ? HeadQueue::kMaxReceived : data[0];
  std::span<const std::uint8_t> left(data + 1, size - 1);
  std::vector<char> buffer(HeadQueue::kRoom);
  HeadQueue queue;
  std::size_t handed = 0;
  while (!left.empty() || queue.ready()) {
    std::size_t received = 0;
    if (!queue.ready()) {
      received = left.size() < step ? left.size() : step;
      std::memcpy(buffer.data(), left.data(), received);
      left = left.subspan(received);
    }
    const HeadQueue::Popped popped = queue.pop(buffer, received, kept);
    if (popped.length > buffer.size()) std::abort();
    handed += popped.length;
    if (popped.status == HeadQueue::Status::kHead) check_head({buffer.data(), popped.length});
    const bool goes_on = popped.status == HeadQueue::Status::kHead ||
                         popped.status == HeadQueue::Status::kBody ||
                         popped.status == HeadQueue::Status::kIncomplete;
    if (!goes_on) break;
  }
  // A head of 18 bytes can be given as many for a host and a close.
  if (handed > 4 * size) std::abort();
  return 0;
}
