// Stands between µWebSockets and the socket: what its shared library receives is mended first.
#pragma once

#include <string>
#include <vector>

namespace imgpeek {

// Points the `recv` of the loaded shared library whose path holds `library` at one that mends heads
// of requests (front/request_head.h), keeping the fields of `kept`, in lower case. To be called
// before that library serves. False where there is no such library or it does not import `recv`.
bool mend_received_heads(const std::string& library, std::vector<std::string> kept);

}  // namespace imgpeek
