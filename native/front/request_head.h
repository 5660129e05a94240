// Mends heads of HTTP requests that are legal but that µWebSockets refuses or hangs on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace imgpeek {

struct MendedHead {
  std::size_t length;  // bytes of the buffer that are filled
  // False where the head must be refused with 400 (RFC 9112): it could be read in more than one
  // way, by what stands before or behind this server, and a request be hidden in it.
  bool well_formed;
  std::uint64_t body;  // bytes of the body that follows
  bool chunked;        // a body of unknown length follows
};

// Mends the whole request head that fills `length` bytes at the start of `buffer`.
//
// - A version of HTTP/1.0 becomes HTTP/1.1 (RFC 9112, 2.3, lets a server answer with its own), with
//   `Connection: close` and a `Host` where the request has none.
// - The absolute form of a target (RFC 9112, 3.2.2) becomes its origin form.
// - Of more header fields than µWebSockets holds, those that are not `kept` are dropped.
// - Where the body is chunked, `Connection: close` comes first, as nobody here looks for its end.
//
// `kept` has names in lower case. Never throws and never allocates.
MendedHead mend_request_head(std::span<char> buffer, std::size_t length,
                             std::span<const std::string> kept) noexcept;

}  // namespace imgpeek
