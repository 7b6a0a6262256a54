// WorkerPool: threads for what may block on the disk, so that the traffic loops never do.
//
// Threads: run() from any. The queue is bounded by what the callers have in flight (one job a request, or one
// a body), not here. stop() finishes what is queued; a job given later runs at once, on the caller's thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace landfall::s3 {

class WorkerPool {
 public:
  using Job = std::move_only_function<void()>;
  explicit WorkerPool(size_t threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void run(Job job);
  void stop();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// Strand: jobs of one owner, on the pool, one at a time and in order.
class Strand : public std::enable_shared_from_this<Strand> {
 public:
  explicit Strand(WorkerPool& pool) : pool_(pool) {}
  void run(WorkerPool::Job job);

 private:
  void drain();

  WorkerPool& pool_;
  std::mutex mutex_;
  std::deque<WorkerPool::Job> jobs_;
  bool running_ = false;
};

}  // namespace landfall::s3
