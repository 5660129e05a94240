// libFuzzer over mend_request_head(): the input's first byte is the room that the buffer has left,
// the rest is what a connection brought.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "front/request_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::vector<std::string> kept = {"host", "connection", "authorization"};
  const std::string_view received(reinterpret_cast<const char*>(data) + 1, size - 1);
  // On the heap and of exactly this size, so that AddressSanitizer sees a byte too far.
  std::vector<char> buffer(received.begin(), received.end());
  buffer.resize(received.size() + data[0]);
  const imgpeek::MendedHead mended = imgpeek::mend_request_head(buffer, received.size(), kept);
  if (mended.length > buffer.size()) std::abort();
  const std::string_view text(buffer.data(), mended.length);
  // Where a head is said to follow, this one must be the whole of what was received.
  if (mended.head_follows && text.find("\r\n\r\n") + 4 != text.size()) std::abort();
  return 0;
}
