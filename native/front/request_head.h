// Mends heads of HTTP requests that are legal but that µWebSockets refuses or hangs on.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace imgpeek {

// Mends the request head at the start of `buffer`, of which `length` bytes are filled, and returns
// how many are filled then. What does not begin with a request line is left as it is.
//
// - A version of HTTP/1.0 becomes HTTP/1.1 (RFC 9112, 2.3, lets a server answer with its own), with
//   `Connection: close` and a `Host` where the request has none.
// - The absolute form of a target (RFC 9112, 3.2.2) becomes its origin form.
// - Of more header fields than µWebSockets holds, those that are not `kept` are dropped.
//
// `kept` has names in lower case. Never throws and never allocates.
std::size_t mend_request_head(std::span<char> buffer, std::size_t length,
                              std::span<const std::string> kept) noexcept;

}  // namespace imgpeek
