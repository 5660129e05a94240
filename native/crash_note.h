// What each thread is at, so that a crash can be blamed on the file that caused it.
#pragma once

#include <memory>
#include <string_view>

namespace imgpeek {

// Names the file that the calling thread works on, for as long as the object lives. `key` must
// outlive it. One at a time a thread.
class CrashNote {
 public:
  explicit CrashNote(std::string_view key) noexcept;
  ~CrashNote();

  CrashNote(const CrashNote&) = delete;
  CrashNote& operator=(const CrashNote&) = delete;

 private:
  std::string_view key_;
  friend void write_crash_note() noexcept;
};

// The same of a file that threads of a library work on too, which know of no note: all files that
// have one are named where such a thread faults. At most kMaxShared at a time count.
class SharedCrashNote {
 public:
  static constexpr unsigned kMaxShared = 8;

  explicit SharedCrashNote(std::string_view key) noexcept;
  ~SharedCrashNote();

  SharedCrashNote(const SharedCrashNote&) = delete;
  SharedCrashNote& operator=(const SharedCrashNote&) = delete;

 private:
  CrashNote own_;
  std::string_view key_;
  friend void write_shared_notes() noexcept;
};

// Says that the calling thread runs JavaScript: its faults are never a library's.
void mark_javascript_thread() noexcept;

// A stack for the signal handler of the calling thread, without which an overflow of its own stack
// would end the process unseen. Made and destroyed on that thread.
class SignalStack {
 public:
  SignalStack();
  ~SignalStack();

  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  std::unique_ptr<char[]> memory_;
};

// From now on, where a signal that stands for a fault ends the process, the key of the faulting
// thread and a line feed are written to the file descriptor `fd` first. Call it once a process.
void note_crashes(int fd);

}  // namespace imgpeek
