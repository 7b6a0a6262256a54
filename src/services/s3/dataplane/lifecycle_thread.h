// The thread that applies lifecycle rules (lifecycle.h), each hour.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "services/s3/dataplane/object_store.h"

namespace landfall::s3 {

// Runs the passes until it is destroyed.
class LifecycleThread {
 public:
  explicit LifecycleThread(ObjectStore& store);
  ~LifecycleThread();

 private:
  void run();

  ObjectStore& store_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace landfall::s3
