#include "services/cloudfront/dataplane/spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "runtime/event_loop.h"
#include "services/cloudfront/dataplane/disk_cache.h"
#include "services/cloudfront/dataplane/files.h"

namespace landfall::cloudfront {

Spool::Spool(DiskCache& disk, EventLoop& loop, std::shared_ptr<const CachedObject> object)
    : disk_(disk), state_(std::make_shared<State>()) {
  state_->loop = &loop;
  state_->object = std::move(object);
  disk_.writer_->must([&disk, state = state_] { disk.spool_open(*state); });
}

Spool::~Spool() {
  if (!finished_) disk_.writer_->must([&disk = disk_, state = state_] { disk.spool_drop(*state); });
}

ssize_t Spool::read(char* buffer, size_t size, uint64_t offset) const {
  return ::pread(state_->reader.get(), buffer, size, static_cast<off_t>(state_->body_offset + offset));
}

void Spool::write(std::string bytes) {
  state_->pending += bytes.size();
  disk_.writer_->must([&disk = disk_, state = state_, bytes = std::move(bytes)] {
    disk.spool_write(*state, bytes);
    state->pending -= bytes.size();
  });
}

// Behind what is queued: then all of it has gone.
void Spool::on_room(std::move_only_function<void()> room) {
  disk_.writer_->must(
      [state = state_, room = std::move(room)]() mutable { state->loop->post(std::move(room)); });
}

void Spool::finish(std::move_only_function<void(ObjectPtr)> done) {
  finished_ = true;
  disk_.writer_->must([&disk = disk_, state = state_, done = std::move(done)]() mutable {
    state->loop->post(
        [object = disk.spool_finish(*state), done = std::move(done)]() mutable { done(std::move(object)); });
  });
}

// ---- the writer's side ----

std::unique_ptr<Spool> DiskCache::spool(EventLoop& loop, std::shared_ptr<const CachedObject> object,
                                        std::optional<uint64_t> body_bytes) {
  if (charged(body_bytes.value_or(0)) > options_.limit_bytes / 2) return nullptr;
  return std::make_unique<Spool>(*this, loop, std::move(object));
}

void DiskCache::spool_open(Spool::State& state) {
  state.path = fmt::format("{}/new-{}", folder_of_objects(), temporary_++);
  state.head = object_file_head(*state.object);
  state.file = UniqueFd(::open(state.path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (state.file) state.reader = UniqueFd(::open(state.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!state.reader) {
    complain(fail_errno("create " + state.path).error());
    state.failed = true;
    return spool_drop(state);
  }
  state.body_offset = kPrefixBytes + state.head.size();
  const std::string room(kPrefixBytes, '\0');  // no prefix yet: what is left of it by a kill is no object
  state.failed = state.head.size() > kMostHeadBytes || !write_all(state.file.get(), room + state.head);
}

void DiskCache::spool_write(Spool::State& state, const std::string& bytes) {
  if (state.failed) return;
  if (charged(state.body_bytes + bytes.size()) >
      options_.limit_bytes / 2) {  // one object is not the whole cache
    state.failed = true;
    return spool_drop(state);
  }
  spooling_bytes_ += bytes.size();
  state.body_bytes += bytes.size();
  make_room({}, 0);
  state.sums.add(bytes);
  if (Result<> written = write_all(state.file.get(), bytes); !written) {
    complain(written.error());
    state.failed = true;
    return spool_drop(state);
  }
  state.written.store(state.body_bytes, std::memory_order_release);
}

void DiskCache::spool_drop(Spool::State& state) {
  spooling_bytes_ -= std::exchange(state.body_bytes, 0);
  if (!state.file) return;
  ::unlink(state.path.c_str());
  state.file.reset();
}

Result<> DiskCache::spool_end(Spool::State& state) {
  const std::string sums = state.sums.finish();
  LF_CHECK(write_all(state.file.get(), sums));
  const std::string prefix = object_file_prefix(state.head, state.body_bytes, sums);
  if (::pwrite(state.file.get(), prefix.data(), prefix.size(), 0) != static_cast<ssize_t>(prefix.size()))
    return fail_errno("write " + state.path);
  return {};
}

ObjectPtr DiskCache::spool_finish(Spool::State& state) {
  const CachedObject& object = *state.object;
  const Digest digest = digest_of(object.key);
  Result<> done = state.failed ? fail("it was given up") : spool_end(state);
  if (done && options_.invalidations->covers(object.distribution_id, object.target, object.epoch))
    done = fail("it was invalidated");
  if (!done) {
    spool_drop(state);
    remove(digest);  // what is there is older
    return nullptr;
  }
  const size_t bytes = charged(kPrefixBytes + state.head.size() + state.body_bytes +
                               state.body_bytes / kBlockBytes * sizeof(uint32_t));
  spooling_bytes_ -= state.body_bytes;
  make_room(digest, bytes);
  if (Result<> renamed = put_in_place(state.path, path_of(digest)); !renamed) {
    complain(renamed.error());
    state.body_bytes = 0;
    spool_drop(state);
    return nullptr;
  }
  ++counters_.written;
  auto opened = open_object(std::move(state.file), Verify::no);
  if (!opened) return nullptr;  // the index does not know it; the next start does
  (*opened)->used = object.used;
  std::lock_guard lock(mutex_);
  if (const OnDisk* entry = index_.peek(digest)) mark_gone(*entry);
  index_.put(digest, {.used = object.used, .open = (*opened)->file, .verified = true}, bytes);
  return std::move(*opened);
}

}  // namespace landfall::cloudfront
