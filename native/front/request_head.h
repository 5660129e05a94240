// Mends heads of HTTP requests that are legal but that µWebSockets refuses or hangs on.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace imgpeek {

struct MendedHead {
  std::size_t length;  // bytes of the buffer that are filled
  // The buffer held one whole head of a request without a body and nothing else, so that what the
  // connection brings next begins with a head. Where this is false nothing that follows may be
  // mended: it may be part of a body, and to change its length would move what comes after it.
  bool head_follows;
};

// Mends the request head at the start of `buffer`, of which `length` bytes are filled. What does
// not begin with a request line is left as it is.
//
// - A version of HTTP/1.0 becomes HTTP/1.1 (RFC 9112, 2.3, lets a server answer with its own), with
//   `Connection: close` and a `Host` where the request has none.
// - The absolute form of a target (RFC 9112, 3.2.2) becomes its origin form.
// - Of more header fields than µWebSockets holds, those that are not `kept` are dropped.
//
// `kept` has names in lower case. Never throws and never allocates.
MendedHead mend_request_head(std::span<char> buffer, std::size_t length,
                             std::span<const std::string> kept) noexcept;

}  // namespace imgpeek
