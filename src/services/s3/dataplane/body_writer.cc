#include "services/s3/dataplane/body_writer.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "base/log.h"
#include "services/s3/dataplane/crc32c.h"

namespace landfall::s3 {
namespace {
constexpr int kPiecesAtOnce = 64;  // of a run, to writev
constexpr uint64_t kWritebackBytes =
    2 << 20;  // given to the disk as they come, so that fsync finds little left
}  // namespace

// Bytes that were given and are not yet both written and hashed. The pieces hold it, not the file: what a
// hash still holds keeps no abandoned file alive.
struct BodyWriter::Pending {
  std::atomic<size_t> bytes{0};
  std::function<void()> drained;  // set before the first piece
  size_t below_bytes = 0;

  void release(size_t count) {
    const size_t before = bytes.fetch_sub(count, std::memory_order_relaxed);
    if (drained && before >= below_bytes && before - count < below_bytes) drained();
  }
};

// The file being written. Its members, the atomics apart, belong to the strand.
struct BodyWriter::File {
  const BodyFiles& files;
  BodyId id;
  std::shared_ptr<BodyObserver> observer;
  std::shared_ptr<Strand> strand;
  UniqueFd fd;
  FileRecord record;
  uint32_t block_crc = 0;
  uint64_t block_bytes = 0;
  std::deque<std::shared_ptr<const std::string>> unwritten;
  size_t taken = 0;            // of the first of them
  uint64_t written_bytes = 0;  // to the kernel
  uint64_t given_bytes = 0;    // to the disk, not waited for
  std::optional<StoreError> error;
  bool published = false;

  File(const BodyFiles& files, BodyId id, std::shared_ptr<BodyObserver> observer, WorkerPool& pool)
      : files(files), id(id), observer(std::move(observer)), strand(std::make_shared<Strand>(pool)) {}
  ~File() {
    if (published || !fd) return;
    if (auto gone = files.discard_incoming(id); !gone) log::warn("s3: {}", gone.error().message);
  }

  void fail(const Error& cause) {
    const bool full = cause.error_number == ENOSPC || cause.error_number == EDQUOT;
    if (!error) error = StoreError{full ? StoreErrc::no_space : StoreErrc::io, cause.message};
  }

  void append(const std::shared_ptr<const std::string>& piece) {
    if (error) return;
    if (!fd) {
      auto created = files.create_incoming(id);
      if (!created) return fail(created.error());
      fd = std::move(*created);
    }
    observer->see_piece(piece);
    account(*piece);
    unwritten.push_back(piece);
    write_until(record.size - record.size % kRunBytes);
  }

  void write_until(uint64_t end) {
    if (written_bytes >= end) return;
    if (auto room = files.room_for(end - written_bytes); !room) return fail(room.error());
    while (written_bytes < end) {
      iovec pieces[kPiecesAtOnce];
      int count = 0;
      uint64_t bytes = 0;
      for (const auto& piece : unwritten) {
        const uint64_t begin = count == 0 ? taken : 0;
        const uint64_t size = std::min(piece->size() - begin, end - written_bytes - bytes);
        if (size == 0 || count == kPiecesAtOnce) break;
        pieces[count++] = {const_cast<char*>(piece->data()) + begin, size};
        bytes += size;
      }
      const ssize_t n = ::writev(fd.get(), pieces, count);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail(fail_errno("write " + files.incoming_path(id)).error());
      take(static_cast<size_t>(n));
    }
    begin_writeback();
  }

  void take(size_t bytes) {
    written_bytes += bytes;
    taken += bytes;
    while (!unwritten.empty() && taken >= unwritten.front()->size()) {
      taken -= unwritten.front()->size();
      unwritten.pop_front();
    }
  }

  // Only a hint: whether it took, publish() finds out.
  void begin_writeback() {
    if (written_bytes - given_bytes < kWritebackBytes) return;
    ::sync_file_range(fd.get(), static_cast<off_t>(given_bytes),
                      static_cast<off_t>(written_bytes - given_bytes), SYNC_FILE_RANGE_WRITE);
    given_bytes = written_bytes;
  }

  void account(std::string_view bytes) {
    record.size += bytes.size();
    while (!bytes.empty()) {
      const size_t n = std::min<size_t>(bytes.size(), kBlockBytes - block_bytes);
      block_crc = crc32c(bytes.substr(0, n), block_crc);
      block_bytes += n;
      bytes.remove_prefix(n);
      if (block_bytes == kBlockBytes) close_block();
    }
  }

  void close_block() {
    record.block_crcs.push_back(block_crc);
    block_crc = 0;
    block_bytes = 0;
  }

  StoreResult<StagedBody> publish() {
    if (block_bytes > 0) close_block();
    if (!error) write_until(record.size);
    if (error) return std::unexpected(*error);
    if (auto done = files.publish(id, fd.get()); !done) {
      fail(done.error());
      return std::unexpected(*error);
    }
    published = true;
    return StagedBody::file(files, id, std::move(record));
  }
};

BodyWriter::BodyWriter(const BodyFiles& files, WorkerPool& pool, BodyIds ids,
                       std::shared_ptr<BodyObserver> observer, std::shared_ptr<SparePieces> spares)
    : files_(files),
      pool_(pool),
      ids_(std::move(ids)),
      observer_(std::move(observer)),
      spares_(std::move(spares)) {}

BodyWriter::~BodyWriter() {
  // The last reference may go here: closing and unlinking block, so they go to the pool.
  if (file_) file_->strand->run([file = std::move(file_)]() mutable { file.reset(); });
}

size_t BodyWriter::pending_bytes() const {
  return pending_ ? pending_->bytes.load(std::memory_order_relaxed) : 0;
}

void BodyWriter::on_drained(size_t below_bytes, std::function<void()> drained) {
  LF_INVARIANT(!file_, "on_drained() after the first bytes");
  below_bytes_ = below_bytes;
  drained_ = std::move(drained);
}

void BodyWriter::spill() {
  file_ = std::make_shared<File>(files_, ids_(), std::move(observer_), pool_);
  pending_ = std::make_shared<Pending>();
  pending_->drained = std::move(drained_);
  pending_->below_bytes = below_bytes_;
}

void BodyWriter::write(std::string bytes) {
  if (!file_) {
    if (!small_.empty()) bytes.insert(0, std::exchange(small_, {}));
    if (bytes.size() <= kInlineBytes) {
      small_ = std::move(bytes);
      return;
    }
    spill();
  }
  const size_t size = bytes.size();
  pending_->bytes.fetch_add(size, std::memory_order_relaxed);
  const std::shared_ptr<const std::string> piece(new std::string(std::move(bytes)),
                                                 [pending = pending_, spares = spares_](std::string* gone) {
                                                   const size_t released = gone->size();
                                                   spares->give(std::move(*gone));
                                                   delete gone;
                                                   pending->release(released);
                                                 });
  file_->strand->run([file = file_, piece] { file->append(piece); });
}

void BodyWriter::finish(std::move_only_function<void(StoreResult<StagedBody>)> done) {
  if (!file_) {
    const BodyId id = small_.empty() ? BodyId{} : ids_();
    auto bytes = std::make_shared<std::string>(std::move(small_));
    observer_->see_whole(bytes, [bytes, id, done = std::move(done)]() mutable {
      done(StagedBody::inlined(id, std::move(*bytes)));
    });
    return;
  }
  file_->strand->run([file = std::move(file_), done = std::move(done)]() mutable {
    auto published = file->publish();
    const auto observer = file->observer;
    observer->settle(
        [done = std::move(done), published = std::move(published)]() mutable { done(std::move(published)); });
  });
}

}  // namespace landfall::s3
