// What a client's connection brought, handed on one whole head of a request at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace imgpeek {

// µWebSockets ends a connection that brings a request while another is being answered, and holds no
// more than 4 KB of a head that comes in parts. So heads are gathered here, mended
// (front/request_head.h), and handed on singly; bodies are handed on as they come.
class HeadQueue {
 public:
  // The most bytes that are gathered of one head.
  static constexpr std::size_t kMaxHead = std::size_t{80} << 10U;
  // The most bytes that pop() takes at a time, and the room that it needs.
  static constexpr std::size_t kMaxReceived = std::size_t{16} << 10U;
  static constexpr std::size_t kRoom = kMaxHead + 2 * kMaxReceived;

  enum class Status {
    kHead,           // `length` bytes are a request's head
    kBody,           // `length` bytes are part of its body
    kIncomplete,     // the head goes on in what is not received yet
    kMalformed,      // the head is none
    kTargetTooLong,  // there are kMaxHead bytes, and its first line still goes on
    kFieldsTooLong,  // there are kMaxHead bytes, and its fields still go on
  };
  struct Popped {
    Status status;
    std::size_t length;
  };

  // Whether nothing is held and no body is under way: what comes next begins a head, or is the
  // empty line before one.
  bool empty() const { return held_.empty() && body_ == 0; }

  // Whether pop() would hand on something with nothing more received.
  bool ready() const;

  // Takes the `received` bytes at the start of `buffer`, which is of kRoom bytes at least, and puts
  // there what is to be parsed next, with fields of `kept` being the last to be dropped. Throws
  // std::bad_alloc.
  Popped pop(std::span<char> buffer, std::size_t received, std::span<const std::string> kept);

 private:
  // Moves `length` held bytes to the start of `buffer`.
  void take(std::span<char> buffer, std::size_t length);

  // RFC 9112, 2.2: drops the empty line that may stand before a head; a second one is malformed.
  void drop_empty_line();

  std::string held_;
  bool dropped_ = false;     // the empty line before the head that is gathered
  std::size_t scanned_ = 0;  // bytes of held_ in which no head ends
  std::uint64_t body_ = 0;   // bytes that are left of a body
  bool last_ = false;        // nothing of what follows is looked at: the answer ends the connection
};

}  // namespace imgpeek
