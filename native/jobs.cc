#include "jobs.h"

#ifdef __linux__
#include <sys/resource.h>
#endif

#include <algorithm>
#include <atomic>
#include <utility>

#include "crash_note.h"

namespace imgpeek {
namespace {

std::atomic<std::uint64_t> serials = 0;

// Elsewhere priorities are of whole processes.
void stand_back([[maybe_unused]] int niceness) {
#ifdef __linux__
  if (niceness != 0) ::setpriority(PRIO_PROCESS, 0, niceness);
#endif
}

}  // namespace

JobThreads::JobThreads(unsigned count, int niceness, Done done)
    : niceness_(niceness), done_(std::move(done)) {
  for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
}

JobThreads::~JobThreads() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void JobThreads::add(std::unique_ptr<Job> job) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
}

std::vector<RunningJob> JobThreads::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

std::vector<std::unique_ptr<Job>> JobThreads::give_up(const std::string& key) {
  std::vector<std::unique_ptr<Job>> given_up;
  const std::lock_guard lock(mutex_);
  for (auto& job : queue_) {
    if (job->key() == key) given_up.push_back(std::move(job));
  }
  std::erase(queue_, nullptr);
  return given_up;
}

void JobThreads::work() {
  const SignalStack signal_stack;
  stand_back(niceness_);
  for (;;) {
    std::unique_ptr<Job> job;
    const std::uint64_t serial = ++serials;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      job = std::move(queue_.front());
      queue_.pop_front();
      running_.push_back({job->key(), serial});
    }
    job->run();
    {
      const std::lock_guard lock(mutex_);
      std::erase_if(running_, [serial](const RunningJob& one) { return one.serial == serial; });
    }
    done_(std::move(job));
  }
}

}  // namespace imgpeek
