// Threads of the addon's own, and what they are at.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace imgpeek {

// Work on one file that a thread is to do.
class Job {
 public:
  Job() = default;
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  virtual void run() noexcept = 0;
  // Names the file where the work on it crashes or hangs. Lives as long as the job.
  virtual const std::string& key() const = 0;
};

// A job that a thread is at.
struct RunningJob {
  std::string key;
  std::uint64_t serial = 0;  // no other job of the process has it
};

// Some threads, and a queue of jobs for them.
class JobThreads {
 public:
  // Takes a job that was run, on the thread that ran it.
  using Done = std::function<void(std::unique_ptr<Job>)>;

  // `niceness` is how far the threads, and those that they start, stand back behind others: 0 to 19
  // as of nice(1). Where the system does not let them, they do not.
  JobThreads(unsigned count, int niceness, Done done);
  ~JobThreads();  // waits for the jobs that threads are at
  JobThreads(const JobThreads&) = delete;
  JobThreads& operator=(const JobThreads&) = delete;

  void add(std::unique_ptr<Job> job);

  // As many as threads at the most.
  std::vector<RunningJob> running() const;

  // Takes back the jobs with this key that no thread has begun yet.
  std::vector<std::unique_ptr<Job>> give_up(const std::string& key);

 private:
  void work();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Job>> queue_;
  std::vector<RunningJob> running_;
  bool stopping_ = false;
  int niceness_;
  Done done_;
  std::vector<std::thread> threads_;
};

}  // namespace imgpeek
