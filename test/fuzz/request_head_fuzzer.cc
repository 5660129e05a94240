// libFuzzer over HeadQueue: the input's first byte is in what pieces the rest comes, which is what
// a connection brought. In whatever pieces, the same must come of it.
#include <cctype>
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
  if (std::isalpha(static_cast<unsigned char>(head.front())) == 0) std::abort();
  if (head.find(kHeadEnd) + kHeadEnd.size() != head.size()) std::abort();
  for (std::size_t at = 0; at < head.size(); ++at) {
    if (head[at] == '\n' && (at == 0 || head[at - 1] != '\r')) std::abort();
  }
}

// What a queue made of all that a connection brought.
struct Drained {
  std::string heads;
  std::size_t body = 0;
  bool refused = false;

  bool operator==(const Drained&) const = default;
};

// Takes what was handed on into account. False where nothing more is to be handed on.
bool note(const HeadQueue::Popped& popped, std::span<const char> buffer, Drained& drained) {
  if (popped.length > buffer.size()) std::abort();
  const std::string_view handed(buffer.data(), popped.length);
  switch (popped.status) {
    case HeadQueue::Status::kHead:
      check_head(handed);
      drained.heads += handed;
      return true;
    case HeadQueue::Status::kBody:
      drained.body += handed.size();
      return true;
    case HeadQueue::Status::kIncomplete:
      return true;
    default:
      drained.refused = true;
      return false;
  }
}

// Hands on all of `left`, which comes in pieces of `step` bytes.
Drained drain(std::span<const std::uint8_t> left, std::size_t step) {
  static const std::vector<std::string> kept = {"host", "connection", "authorization"};
  std::vector<char> buffer(HeadQueue::kRoom);
  HeadQueue queue;
  Drained drained;
  while (!left.empty() || queue.ready()) {
    std::size_t received = 0;
    if (!queue.ready()) {
      received = left.size() < step ? left.size() : step;
      std::memcpy(buffer.data(), left.data(), received);
      left = left.subspan(received);
    }
    if (!note(queue.pop(buffer, received, kept), buffer, drained)) return drained;
  }
  // What is held is looked at once more, as it would be with the next piece.
  note(queue.pop(buffer, 0, kept), buffer, drained);
  return drained;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> brought(data + 1, size - 1);
  const Drained whole = drain(brought, HeadQueue::kMaxReceived);
  // A head of 18 bytes can be given as many for a host and a close.
  if (whole.heads.size() + whole.body > 4 * size) std::abort();
  if (data[0] != 0 && drain(brought, data[0]) != whole) std::abort();
  return 0;
}
