#pragma once

#include <span>
#include <string_view>

namespace imgpeek {

// Sends one message to the Unix datagram socket at `path`, such as syslog's, and never waits.
// Returns false where nobody listens there, or where the one who does is behind. Node has no
// sockets of this kind.
bool send_datagram(std::string_view path, std::span<const char> message) noexcept;

}  // namespace imgpeek
