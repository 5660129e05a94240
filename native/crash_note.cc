#include "crash_note.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>

namespace imgpeek {
namespace {

// initial-exec, as any other model may allocate at the first access, which no signal handler may.
thread_local const CrashNote* current_note __attribute__((tls_model("initial-exec"))) = nullptr;

thread_local bool runs_javascript __attribute__((tls_model("initial-exec"))) = false;
std::array<std::atomic<const SharedCrashNote*>, SharedCrashNote::kMaxShared> shared_notes;

constexpr std::array kFaults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
// MINSIGSTKSZ is too little where the kernel saves AVX-512 registers.
constexpr std::size_t kSignalStackSize = std::size_t{64} * 1024;

int note_fd = -1;
std::array<struct sigaction, kFaults.size()> previous_actions;

const struct sigaction* previous_action(int signal) noexcept {
  const auto* found = std::find(kFaults.begin(), kFaults.end(), signal);
  return &previous_actions[static_cast<std::size_t>(found - kFaults.begin())];
}

}  // namespace

namespace {

// Nothing can be done where it fails: the process is about to end.
void write_key(std::string_view key) noexcept {
  [[maybe_unused]] auto written = ::write(note_fd, key.data(), key.size());
  written = ::write(note_fd, "\n", 1);
}

}  // namespace

// Async-signal-safe.
void write_crash_note() noexcept {
  if (current_note == nullptr) return;
  const std::string_view key = current_note->key_;
  current_note = nullptr;
  write_key(key);
}

// Likewise.
void write_shared_notes() noexcept {
  for (const auto& shared : shared_notes) {
    if (const SharedCrashNote* note = shared.load()) write_key(note->key_);
  }
}

namespace {

extern "C" void on_fault(int signal, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  const struct sigaction* previous = previous_action(signal);
  const bool noted = current_note != nullptr;
  write_crash_note();
  if (!noted && !runs_javascript) write_shared_notes();
  if (!noted && (previous->sa_flags & SA_SIGINFO) != 0) {
    // V8 turns the faults of WebAssembly code into exceptions.
    previous->sa_sigaction(signal, info, context);
  } else {
    // Blocked until this handler returns, and then the end.
    ::sigaction(signal, previous, nullptr);
    ::raise(signal);
  }
  errno = saved_errno;
}

}  // namespace

CrashNote::CrashNote(std::string_view key) noexcept : key_(key) { current_note = this; }

CrashNote::~CrashNote() { current_note = nullptr; }

SharedCrashNote::SharedCrashNote(std::string_view key) noexcept : own_(key), key_(key) {
  for (auto& shared : shared_notes) {
    const SharedCrashNote* none = nullptr;
    if (shared.compare_exchange_strong(none, this)) return;
  }
}

SharedCrashNote::~SharedCrashNote() {
  for (auto& shared : shared_notes) {
    const SharedCrashNote* self = this;
    if (shared.compare_exchange_strong(self, nullptr)) return;
  }
}

void mark_javascript_thread() noexcept { runs_javascript = true; }

SignalStack::SignalStack() : memory_(std::make_unique<char[]>(kSignalStackSize)) {
  stack_t stack{};
  stack.ss_sp = memory_.get();
  stack.ss_size = kSignalStackSize;
  ::sigaltstack(&stack, nullptr);
}

SignalStack::~SignalStack() {
  stack_t stack{};
  stack.ss_flags = SS_DISABLE;
  ::sigaltstack(&stack, nullptr);
}

void note_crashes(int fd) {
  note_fd = fd;
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    ::sigaction(kFaults[i], &action, &previous_actions[i]);
  }
}

}  // namespace imgpeek
