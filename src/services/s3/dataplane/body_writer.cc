#include "services/s3/dataplane/body_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "services/s3/dataplane/crc32c.h"

namespace landfall::s3 {
namespace {
constexpr uint64_t kWritebackBytes =
    2 << 20;  // given to the disk as they come, so that fsync finds little left
}

// The file being written. Its members, the atomics apart, belong to the strand.
struct BodyWriter::File {
  const BodyFiles& files;
  BodyId id;
  Observer observer;
  std::shared_ptr<Strand> strand;
  UniqueFd fd;
  FileRecord record;
  uint32_t block_crc = 0;
  uint64_t block_bytes = 0;
  uint64_t given_bytes = 0;  // to the disk, not waited for
  std::optional<StoreError> error;
  bool published = false;
  std::atomic<size_t> pending{0};
  std::function<void()> drained;  // set before the first write
  size_t below_bytes = 0;

  File(const BodyFiles& files, BodyId id, Observer observer, WorkerPool& pool)
      : files(files), id(id), observer(std::move(observer)), strand(std::make_shared<Strand>(pool)) {}
  ~File() {
    if (published || !fd) return;
    if (auto gone = files.discard_incoming(id); !gone) log::warn("s3: {}", gone.error().message);
  }

  void fail(const Error& cause) {
    if (!error) error = StoreError{StoreErrc::io, cause.message};
  }

  void append(std::string_view bytes) {
    if (error) return;
    if (!fd) {
      auto created = files.create_incoming(id);
      if (!created) return fail(created.error());
      fd = std::move(*created);
    }
    observer(bytes);
    account(bytes);
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd.get(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail(fail_errno("write " + files.incoming_path(id)).error());
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    begin_writeback();
  }

  // Only a hint: whether it took, publish() finds out.
  void begin_writeback() {
    if (record.size - given_bytes < kWritebackBytes) return;
    ::sync_file_range(fd.get(), static_cast<off_t>(given_bytes),
                      static_cast<off_t>(record.size - given_bytes), SYNC_FILE_RANGE_WRITE);
    given_bytes = record.size;
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
    if (error) return std::unexpected(*error);
    if (auto done = files.publish(id, fd.get()); !done) {
      return store_fail(StoreErrc::io, done.error().message);
    }
    published = true;
    return StagedBody::file(files, id, std::move(record));
  }
};

BodyWriter::BodyWriter(const BodyFiles& files, WorkerPool& pool, BodyIds ids, Observer observer)
    : files_(files), pool_(pool), ids_(std::move(ids)), observer_(std::move(observer)) {}

BodyWriter::~BodyWriter() {
  // The last reference may go here: closing and unlinking block, so they go to the pool.
  if (file_) file_->strand->run([file = std::move(file_)]() mutable { file.reset(); });
}

size_t BodyWriter::pending_bytes() const {
  return file_ ? file_->pending.load(std::memory_order_relaxed) : 0;
}

void BodyWriter::on_drained(size_t below_bytes, std::function<void()> drained) {
  LF_INVARIANT(!file_, "on_drained() after the first bytes");
  below_bytes_ = below_bytes;
  drained_ = std::move(drained);
}

void BodyWriter::spill() {
  file_ = std::make_shared<File>(files_, ids_(), std::move(observer_), pool_);
  file_->drained = std::move(drained_);
  file_->below_bytes = below_bytes_;
}

void BodyWriter::write(std::string bytes) {
  if (!file_) {
    if (small_.size() + bytes.size() <= kInlineBytes) {
      small_.append(bytes);
      return;
    }
    spill();
    small_.append(bytes);
    bytes = std::move(small_);
  }
  const size_t size = bytes.size();
  file_->pending.fetch_add(size, std::memory_order_relaxed);
  file_->strand->run([file = file_, bytes = std::move(bytes), size] {
    file->append(bytes);
    const size_t before = file->pending.fetch_sub(size, std::memory_order_relaxed);
    if (file->drained && before >= file->below_bytes && before - size < file->below_bytes) file->drained();
  });
}

void BodyWriter::finish(std::move_only_function<void(StoreResult<StagedBody>)> done) {
  if (!file_) {
    if (!small_.empty()) observer_(small_);
    const BodyId id = small_.empty() ? BodyId{} : ids_();
    done(StagedBody::inlined(id, std::move(small_)));
    return;
  }
  file_->strand->run([file = std::move(file_), done = std::move(done)]() mutable { done(file->publish()); });
}

}  // namespace landfall::s3
