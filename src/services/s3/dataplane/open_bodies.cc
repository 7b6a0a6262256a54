#include "services/s3/dataplane/open_bodies.h"

#include <unistd.h>

#include <algorithm>

#include "services/s3/dataplane/crc32c.h"

namespace landfall::s3 {

OpenBody::OpenBody(UniqueFd fd, FileRecord record, std::string path, const Clock& clock)
    : fd_(std::move(fd)),
      record_(std::move(record)),
      path_(std::move(path)),
      clock_(clock),
      good_until_(record_.block_crcs.size()) {}

uint32_t OpenBody::now_seconds() const {
  return static_cast<uint32_t>(clock_.monotonic_ns() / 1'000'000'000);
}

uint64_t OpenBody::verified(uint64_t offset, uint64_t length) const {
  const uint32_t now = now_seconds();
  const uint64_t end = offset + length;
  uint64_t block = offset / kBlockBytes;
  while (block * kBlockBytes < end && block < good_until_.size() &&
         good_until_[block].load(std::memory_order_relaxed) > now)
    ++block;
  return std::max(offset, std::min(block * kBlockBytes, end)) - offset;
}

StoreResult<std::string_view> OpenBody::verify(uint64_t offset) {
  static thread_local std::unique_ptr<char[]> buffer = std::make_unique<char[]>(kBlockBytes);
  const uint64_t block = offset / kBlockBytes, start = block * kBlockBytes;
  if (block >= record_.block_crcs.size() || start >= record_.size)
    return store_fail(StoreErrc::corrupt, path_ + " has no checksum for a block");
  const uint64_t length = std::min<uint64_t>(kBlockBytes, record_.size - start);
  for (size_t have = 0; have < length;) {
    const ssize_t n =
        ::pread(fd_.get(), buffer.get() + have, length - have, static_cast<off_t>(start + have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return store_fail(StoreErrc::io, fail_errno("read " + path_).error().message);
    if (n == 0) return store_fail(StoreErrc::corrupt, path_ + " is shorter than it was written");
    have += static_cast<size_t>(n);
  }
  const std::string_view bytes(buffer.get(), length);
  if (crc32c(bytes) != record_.block_crcs[block])
    return store_fail(StoreErrc::corrupt, path_ + " does not match its checksum");
  good_until_[block].store(now_seconds() + kVerifiedSeconds, std::memory_order_relaxed);
  return bytes;
}

std::shared_ptr<OpenBody> OpenBodies::find(BodyId id) {
  std::lock_guard lock(mutex_);
  auto it = by_id_.find(id);
  if (it == by_id_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, it->second);
  return it->second->body;
}

StoreResult<std::shared_ptr<OpenBody>> OpenBodies::open(BodyId id, const FileRecord& record) {
  if (auto body = find(id)) return body;
  auto fd = files_.open_body(id);
  if (!fd) return store_fail(StoreErrc::io, fd.error().message);
  auto body = std::make_shared<OpenBody>(std::move(*fd), record, files_.path(id), clock_);
  std::shared_ptr<OpenBody> evicted;  // closed outside the lock
  std::lock_guard lock(mutex_);
  if (auto it = by_id_.find(id); it != by_id_.end()) return it->second->body;  // another was quicker
  entries_.push_front({id, body});
  by_id_[id] = entries_.begin();
  if (entries_.size() > kOpenBodies) {
    evicted = std::move(entries_.back().body);
    by_id_.erase(entries_.back().id);
    entries_.pop_back();
  }
  return body;
}

void OpenBodies::forget(BodyId id) {
  std::shared_ptr<OpenBody> gone;
  std::lock_guard lock(mutex_);
  auto it = by_id_.find(id);
  if (it == by_id_.end()) return;
  gone = std::move(it->second->body);
  entries_.erase(it->second);
  by_id_.erase(it);
}

}  // namespace landfall::s3
