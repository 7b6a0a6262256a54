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
#include "services/s3/dataplane/spare_pieces.h"
#include "services/s3/dataplane/staged_body.h"
#include "services/s3/dataplane/store_error.h"
#include "services/s3/dataplane/worker_pool.h"

namespace landfall::s3 {

// Written in runs that begin and end on a multiple of this: the kernel then keeps the file in large folios,
// and a later sendfile costs a quarter less than of what was written as it came. Less than that, and a piece,
// waits for the rest of its run.
inline constexpr uint64_t kRunBytes = 1 << 20;

// Sees every byte of a body in order: hashes. One call at a time.
class BodyObserver {
 public:
  virtual ~BodyObserver() = default;
  // A small body, in finish(). `hashed` is called once the observer needs the bytes no more.
  virtual void see_whole(std::shared_ptr<const std::string> bytes,
                         std::move_only_function<void()> hashed) = 0;
  // A piece of a large one, on the pool. It may be kept until it has been hashed, and is pending until then.
  virtual void see_piece(std::shared_ptr<const std::string> bytes) = 0;
  // After pieces: calls `done` when all have been hashed; on the pool, or from within.
  virtual void settle(std::move_only_function<void()> done) = 0;
};

class BodyWriter {
 public:
  using BodyIds = std::function<BodyId()>;

  // Pieces that were written and hashed go to `spares`.
  BodyWriter(const BodyFiles& files, WorkerPool& pool, BodyIds ids, std::shared_ptr<BodyObserver> observer,
             std::shared_ptr<SparePieces> spares);
  ~BodyWriter();  // without finish(): what was written is discarded
  BodyWriter(const BodyWriter&) = delete;
  BodyWriter& operator=(const BodyWriter&) = delete;

  // `drained` of on_drained() is called on the pool.
  void write(std::string bytes);
  size_t pending_bytes() const;
  void on_drained(size_t below_bytes, std::function<void()> drained);

  // Once. `done` is called on the pool, or for a small body where its observer says that it is hashed: the
  // bytes are then where a commit may name them.
  void finish(std::move_only_function<void(StoreResult<StagedBody>)> done);

 private:
  struct File;
  struct Pending;
  void spill();

  const BodyFiles& files_;
  WorkerPool& pool_;
  BodyIds ids_;
  std::shared_ptr<BodyObserver> observer_;
  std::shared_ptr<SparePieces> spares_;
  std::string small_;
  std::shared_ptr<File> file_;
  std::shared_ptr<Pending> pending_;  // with file_
  std::function<void()> drained_;
  size_t below_bytes_ = 0;
};

}  // namespace landfall::s3
