// Stands between µWebSockets and its sockets: gives each connection its time, and hands on one
// request at a time, mended.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace imgpeek {

// How long a client may take. What is not named here has no limit, such as the answer's making.
struct ConnectionTimes {
  std::chrono::milliseconds read_request;    // from its first byte, or the connection's begin
  std::chrono::milliseconds write_response;  // from when it no longer takes what is sent
  std::chrono::milliseconds keep_alive;      // between an answer and the next request
};

// Points what the loaded shared library whose path holds `library` imports of sockets at ours.
// Heads of requests are gathered and mended (front/head_queue.h), keeping the fields of `kept`, in
// lower case. While a request is answered, and until its answer is sent, nothing more is received
// of its connection, so that requests that come at once are answered in order, and a client that
// takes no answers cannot have more of them made. To be called before that library serves, which it
// must do on the calling thread. False where there is no such library or it does not import all of
// them.
bool guard_connections(const std::string& library, std::vector<std::string> kept,
                       ConnectionTimes times);

// Shuts down the connections whose time is up, and gives their number. The library closes them. To
// be called often, on the thread that serves.
std::size_t end_late_connections() noexcept;

}  // namespace imgpeek
