// FileThreads: a few threads for work that waits for the disk, with a bounded queue in front.
//
// Threads: submit() and must() from any, until stop(). With one thread, jobs run in the order they came.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace landfall::cloudfront {

class FileThreads {
 public:
  using Job = std::move_only_function<void()>;

  FileThreads(size_t threads, size_t most_queued);
  ~FileThreads() { stop(); }

  // Runs what is queued, and what that queues, and ends the threads.
  void stop();
  // False: the queue is full, the job was not taken.
  bool submit(Job job);
  // For what must not be lost, however long the queue is. Its callers bound it.
  void must(Job job);

 private:
  void run();

  const size_t most_queued_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace landfall::cloudfront
