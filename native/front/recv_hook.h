// Stands between µWebSockets and the socket: what its shared library receives is mended first.
#pragma once

#include <string>
#include <vector>

namespace imgpeek {

// Points the `accept4` and `recv` of the loaded shared library whose path holds `library` at ours,
// which mend heads of requests (front/request_head.h), keeping the fields of `kept`, in lower case.
// A connection that brings anything but whole heads without bodies, one at a time, is left alone
// from then on. To be called before that library serves, which it must do on one thread. False
// where there is no such library or it does not import both functions.
bool mend_received_heads(const std::string& library, std::vector<std::string> kept);

}  // namespace imgpeek
