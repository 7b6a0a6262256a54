// BodyWriter: takes a body as it arrives and stages it: in memory while it is small, else in a file of its
// own.
//
// Threads: write(), finish() and the destructor from one thread at a time, without blocking; the file work
// runs in order on the worker pool. pending_bytes() tells the caller when to pause its source.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "services/s3/dataplane/body_files.h"
#include "services/s3/dataplane/staged_body.h"
#include "services/s3/dataplane/store_error.h"
#include "services/s3/dataplane/worker_pool.h"

namespace landfall::s3 {

class BodyWriter {
 public:
  using BodyIds = std::function<BodyId()>;
  // Sees every byte in order: hashes. Called on the pool, or in finish() for a small body; never at the same
  // time.
  using Observer = std::move_only_function<void(std::string_view)>;

  BodyWriter(const BodyFiles& files, WorkerPool& pool, BodyIds ids, Observer observer);
  ~BodyWriter();  // without finish(): what was written is discarded
  BodyWriter(const BodyWriter&) = delete;
  BodyWriter& operator=(const BodyWriter&) = delete;

  // `drained` of on_drained() is called on the pool.
  void write(std::string bytes);
  size_t pending_bytes() const;
  void on_drained(size_t below_bytes, std::function<void()> drained);

  // Once. `done` is called on the pool, or from within for a small body: the bytes are then where a commit
  // may name them.
  void finish(std::move_only_function<void(StoreResult<StagedBody>)> done);

 private:
  struct File;
  void spill();

  const BodyFiles& files_;
  WorkerPool& pool_;
  BodyIds ids_;
  Observer observer_;
  std::string small_;
  std::shared_ptr<File> file_;
  std::function<void()> drained_;
  size_t below_bytes_ = 0;
};

}  // namespace landfall::s3
