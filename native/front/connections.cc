#include "front/connections.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "front/head_queue.h"
#include "front/imports.h"

// What is taken of libuv, which Node exports; its headers do not come with Node-API's.
extern "C" {
struct uv_poll_s;
using PollCallback = void (*)(uv_poll_s*, int status, int events);
}

namespace imgpeek {
namespace {

using Clock = std::chrono::steady_clock;

// libuv's enum uv_poll_event.
constexpr int kReadable = 1;
constexpr int kWritable = 2;
constexpr int kDisconnect = 4;

// Answers to heads that are not handed on: RFC 9110, 15.5.1 and 15.5.15, RFC 6585, 5.
constexpr std::string_view kBadRequest =
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view kTargetTooLong =
    "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view kFieldsTooLong =
    "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: "
    "0\r\n\r\n";
// RFC 9110, 15.2.1: not the answer yet.
constexpr std::string_view kContinue = "HTTP/1.1 100";

// What the kernel holds of an answer that the client does not take; it would let it grow to
// megabytes.
constexpr int kSendBuffer = 64 << 10;

struct Libuv {
  int (*poll_start)(uv_poll_s*, int events, PollCallback) = nullptr;
  int (*fileno)(const uv_poll_s*, int* descriptor) = nullptr;
};

enum class State {
  kIdle,       // nothing has come since the last answer, or since the connection began
  kReading,    // a part of a head has come
  kAnswering,  // a request was handed on
  kWriting,    // the client has yet to take what is sent before it is told more
};

struct Connection {
  HeadQueue heads;
  State state = State::kIdle;
  std::optional<Clock::time_point> deadline;

  // How the library polls it.
  uv_poll_s* poll = nullptr;
  int events = 0;
  PollCallback callback = nullptr;

  bool refused = false;  // what comes is dropped, so that the refusal is not lost in a reset
  bool held = false;     // not polled for bytes
  bool waking = false;   // to be called for bytes that are in `heads`
  bool gone = false;     // the client left while it was held
};

// All that is shared by the functions below, which run on one thread.
struct Front {
  Libuv uv;
  std::vector<std::string> kept;
  ConnectionTimes times{};
  std::vector<std::unique_ptr<Connection>> connections;  // by descriptor
};

Front& front() {
  static Front front;
  return front;
}

Connection* find(int socket) {
  const auto index = static_cast<std::size_t>(socket);
  auto& connections = front().connections;
  return index < connections.size() ? connections[index].get() : nullptr;
}

void enter(Connection& connection, State state) {
  connection.state = state;
  connection.deadline.reset();
  if (state == State::kAnswering) return;
  const ConnectionTimes& times = front().times;
  connection.deadline = Clock::now() + (state == State::kIdle      ? times.keep_alive
                                        : state == State::kReading ? times.read_request
                                                                   : times.write_response);
}

void dispatch(uv_poll_s* poll, int status, int events) noexcept;

// Polls as the library wishes, but for what `held` and `waking` say.
int apply_poll(const Connection& connection) {
  int events = connection.events;
  if (connection.held) events = (events & kWritable) | kDisconnect;
  if (connection.waking) events |= kWritable;
  const bool ours = connection.held || connection.waking;
  return front().uv.poll_start(connection.poll, events, ours ? dispatch : connection.callback);
}

// The callback of a connection that is held or to be woken.
void dispatch(uv_poll_s* poll, int status, int events) noexcept {
  int socket = -1;
  front().uv.fileno(poll, &socket);
  Connection* connection = find(socket);
  if (connection == nullptr) return;
  const PollCallback callback = connection->callback;
  if (status < 0) return callback(poll, status, events);
  int told = events & connection->events & kWritable;
  if (connection->waking && (events & kWritable) != 0) {
    connection->waking = false;
    enter(*connection, State::kReading);
    told |= kReadable;
  }
  if (connection->held && (events & kDisconnect) != 0) {
    connection->held = false;
    connection->gone = true;
    told |= kReadable;
  }
  apply_poll(*connection);
  if (told != 0) callback(poll, status, told);
}

// Has the connection received from what its queue holds, once the client takes what was sent.
void wake(Connection& connection) {
  enter(connection, State::kWriting);
  connection.held = false;
  connection.waking = true;
  apply_poll(connection);
}

// The answer is sent: what came meanwhile is next.
void release(Connection& connection) {
  if (connection.heads.ready()) return wake(connection);
  enter(connection, connection.heads.empty() ? State::kIdle : State::kReading);
  if (!connection.held) return;
  connection.held = false;
  apply_poll(connection);
}

int accept_connection(int listener, sockaddr* address, socklen_t* length, int flags) noexcept {
  const int socket = ::accept4(listener, address, length, flags);
  if (socket < 0) return socket;
  ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof(kSendBuffer));
  try {
    auto& connections = front().connections;
    const auto index = static_cast<std::size_t>(socket);
    if (index >= connections.size()) connections.resize(index + 1);
    connections[index] = std::make_unique<Connection>();
    enter(*connections[index], State::kReading);
  } catch (const std::bad_alloc&) {
    // A connection that is not noted is served as it is.
  }
  return socket;
}

int close_connection(int socket) noexcept {
  if (find(socket) != nullptr) front().connections[static_cast<std::size_t>(socket)].reset();
  return ::close(socket);
}

ssize_t would_block() {
  errno = EAGAIN;
  return -1;
}

// Nothing is received while there is an answer to be made or sent; but that the client left is
// told.
ssize_t hold(int socket, Connection& connection) {
  std::array<char, 1> next{};
  const ssize_t received = ::recv(socket, next.data(), next.size(), MSG_PEEK);
  if (received <= 0) return received;
  connection.held = true;
  apply_poll(connection);
  return would_block();
}

// Answers in the library's place, and waits for the client to close, as long as it may idle.
ssize_t refuse(int socket, Connection& connection, std::string_view answer) {
  static_cast<void>(::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL));
  ::shutdown(socket, SHUT_WR);
  connection.refused = true;
  enter(connection, State::kIdle);
  return would_block();
}

ssize_t receive_request(int socket, Connection& connection, std::span<char> buffer) {
  if (connection.gone) return 0;
  if (connection.refused) {
    const ssize_t dropped = ::recv(socket, buffer.data(), buffer.size(), 0);
    return dropped <= 0 ? dropped : would_block();
  }
  const bool busy = connection.state == State::kAnswering || connection.state == State::kWriting;
  if (busy && connection.poll != nullptr) return hold(socket, connection);
  std::size_t received = 0;
  if (!connection.heads.ready()) {
    const ssize_t result = ::recv(socket, buffer.data(), HeadQueue::kMaxReceived, 0);
    if (result <= 0) return result;
    received = static_cast<std::size_t>(result);
  }
  const HeadQueue::Popped popped = connection.heads.pop(buffer, received, front().kept);
  const auto length = static_cast<ssize_t>(popped.length);
  switch (popped.status) {
    case HeadQueue::Status::kHead:
      enter(connection, State::kAnswering);
      return length;
    case HeadQueue::Status::kBody:
      if (connection.heads.empty())
        enter(connection, State::kIdle);
      else if (connection.state == State::kIdle)
        enter(connection, State::kReading);
      if (connection.heads.ready()) wake(connection);
      return length;
    case HeadQueue::Status::kIncomplete:
      if (connection.state == State::kIdle && !connection.heads.empty())
        enter(connection, State::kReading);
      return would_block();
    case HeadQueue::Status::kMalformed:
      return refuse(socket, connection, kBadRequest);
    case HeadQueue::Status::kTargetTooLong:
      return refuse(socket, connection, kTargetTooLong);
    case HeadQueue::Status::kFieldsTooLong:
      return refuse(socket, connection, kFieldsTooLong);
  }
  return would_block();
}

ssize_t receive(int socket, void* buffer, std::size_t capacity, int flags) noexcept {
  Connection* connection = find(socket);
  if (connection == nullptr || flags != 0 || capacity < HeadQueue::kRoom) {
    return ::recv(socket, buffer, capacity, flags);
  }
  try {
    return receive_request(socket, *connection, {static_cast<char*>(buffer), capacity});
  } catch (const std::bad_alloc&) {
    errno = ENOMEM;
    return -1;
  }
}

ssize_t send_answer(int socket, const void* data, std::size_t length, int flags) noexcept {
  const ssize_t sent = ::send(socket, data, length, flags);
  const int error = errno;
  Connection* connection = find(socket);
  if (connection == nullptr || (sent < 0 && error != EAGAIN)) return sent;
  if (std::string_view(static_cast<const char*>(data), length).starts_with(kContinue)) return sent;
  if (sent != static_cast<ssize_t>(length)) {
    if (connection->state != State::kWriting) enter(*connection, State::kWriting);
  } else if ((flags & MSG_MORE) == 0) {
    release(*connection);
  }
  errno = error;
  return sent;
}

int start_poll(uv_poll_s* poll, int events, PollCallback callback) noexcept {
  int socket = -1;
  Connection* connection = front().uv.fileno(poll, &socket) == 0 ? find(socket) : nullptr;
  if (connection == nullptr) return front().uv.poll_start(poll, events, callback);
  connection->poll = poll;
  connection->events = events;
  connection->callback = callback;
  return apply_poll(*connection);
}

template <typename Function>
Replacement replace(const char* name, Function* function) {
  return {name, std::bit_cast<void (*)()>(function)};
}

}  // namespace

bool guard_connections(const std::string& library, std::vector<std::string> kept,
                       ConnectionTimes times) {
  front().kept = std::move(kept);
  front().times = times;
  if (!load("uv_poll_start", front().uv.poll_start)) return false;
  if (!load("uv_fileno", front().uv.fileno)) return false;
  const std::array replacements = {replace("accept4", accept_connection), replace("recv", receive),
                                   replace("send", send_answer), replace("close", close_connection),
                                   replace("uv_poll_start", start_poll)};
  return replace_imports(library, replacements);
}

std::size_t end_late_connections() noexcept {
  const Clock::time_point now = Clock::now();
  std::size_t count = 0;
  auto& connections = front().connections;
  for (std::size_t index = 0; index < connections.size(); ++index) {
    Connection* connection = connections[index].get();
    if (connection == nullptr || !connection->deadline || *connection->deadline > now) continue;
    connection->deadline.reset();
    const int socket = static_cast<int>(index);
    if (connection->state == State::kWriting) {
      // What the client does not take must not stay in the kernel once the socket is closed.
      const linger none{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
    }
    ::shutdown(socket, SHUT_RDWR);
    ++count;
  }
  return count;
}

}  // namespace imgpeek
