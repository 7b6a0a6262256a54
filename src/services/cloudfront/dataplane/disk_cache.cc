#include "services/cloudfront/dataplane/disk_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <future>
#include <set>
#include <vector>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/files.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/unique_fd.h"
#include "runtime/event_loop.h"
#include "services/cloudfront/dataplane/files.h"
#include "services/cloudfront/dataplane/object_file.h"

namespace landfall::cloudfront {

// The files that are still to be looked at for the invalidations up to `sequence`.
struct Sweep {
  uint64_t sequence = 0;
  std::vector<std::array<uint8_t, 16>> digests;
  size_t removed = 0;
  std::set<std::string> folders;  // from which something was removed
};

namespace {

constexpr uint64_t kMostQueuedBytes =
    64 * 1024 * 1024;  // held for the writer; beyond, objects are not written
constexpr size_t kMostQueuedWrites = 16 * 1024;
constexpr size_t kMostQueuedReads = 4 * 1024;
constexpr size_t kSweptAtOnce = 256;             // between two writes
constexpr int64_t kComplainNs = 60'000'000'000;  // a disk that is full is said once a minute
constexpr mode_t kFileMode = 0600;

template <class Visit>
void for_each_name(const std::string& folder, Visit visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  if (!open) return;
  while (const dirent* entry = ::readdir(open.get()))
    if (entry->d_name[0] != '.') visit(::dirfd(open.get()), std::string(entry->d_name));
}

}  // namespace

DiskCache::DiskCache(DiskCacheOptions options)
    : options_(std::move(options)), index_(static_cast<size_t>(options_.limit_bytes)) {}

DiskCache::~DiskCache() {
  ending_ = true;
  if (readers_) readers_->stop();  // they give the writer work
  if (writer_) writer_->stop();
}

Result<std::unique_ptr<DiskCache>> DiskCache::open(DiskCacheOptions options) {
  std::unique_ptr<DiskCache> cache(new DiskCache(std::move(options)));
  LF_CHECK(cache->start());
  return cache;
}

Result<> DiskCache::start() {
  LF_CHECK(make_folder(options_.folder));
  if (options_.invalidations->lost()) {
    // Moved away at once, so that no look-up finds one; removed by the writer (clear_orphans()).
    const std::string away = fmt::format("{}/dropped-{}", options_.folder, Clock::system().now().unix_ms);
    if (::rename(folder_of_objects().c_str(), away.c_str()) != 0 && errno != ENOENT)
      return fail_errno("rename " + folder_of_objects());
  }
  LF_CHECK(make_folder(folder_of_objects()));
  writer_ = std::make_unique<FileThreads>(1, kMostQueuedWrites);
  readers_ = std::make_unique<FileThreads>(kReaders, kMostQueuedReads);
  writer_->must([this] {
    load_index();
    clear_orphans();
  });
  sweep();
  return {};
}

DiskCache::Digest DiskCache::digest_of(std::string_view key) {
  const Sha256Digest whole = sha256(key);
  Digest half;
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

std::string DiskCache::path_of(const Digest& digest) const {
  const std::string name = to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
  return folder_of_objects() + "/" + name.substr(0, 2) + "/" + name;
}

size_t DiskCache::charged(uint64_t file_bytes) {
  return static_cast<size_t>((file_bytes + kBlock - 1) / kBlock * kBlock + kBlock);  // and its inode and name
}

uint64_t DiskCache::bytes() const {
  std::lock_guard lock(mutex_);
  return index_.bytes();
}
size_t DiskCache::count() const {
  std::lock_guard lock(mutex_);
  return index_.size();
}

void DiskCache::wait() {
  std::promise<void> done;
  writer_->must([&done] { done.set_value(); });
  done.get_future().wait();
}

// ---- start ----

void DiskCache::load_index() {
  struct Found {
    int64_t modified_ns;
    Digest digest;
    size_t bytes;
  };
  std::vector<Found> found;
  for_each_name(folder_of_objects(), [&](int, const std::string& name) {
    const std::string path = folder_of_objects() + "/" + name;
    if (name.size() != 2) {
      ::unlink(path.c_str());  // was being written
      return;
    }
    for_each_name(path, [&](int folder, const std::string& file) {
      const auto raw = from_hex(file);
      struct stat status;
      if (!raw || raw->size() != sizeof(Digest) ||
          ::fstatat(folder, file.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
        ::unlinkat(folder, file.c_str(), 0);
        return;
      }
      Found one{.modified_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
                .bytes = charged(static_cast<uint64_t>(status.st_size))};
      std::memcpy(one.digest.data(), raw->data(), sizeof(Digest));
      found.push_back(one);
    });
  });
  std::ranges::sort(found, {}, &Found::modified_ns);
  {
    std::lock_guard lock(mutex_);
    for (const Found& one : found)
      index_.put_in_main(one.digest, {.used = std::make_shared<std::atomic<bool>>(false)}, one.bytes);
  }
  make_room({}, 0);  // the limit may be lower than it was
  index_loaded_ = true;
  log::debug("cache on disk: {} objects, {} bytes", count(), bytes());
}

void DiskCache::clear_orphans() {
  for_each_name(options_.folder, [&](int, const std::string& name) {
    if (!name.starts_with("dropped-")) return;
    const std::string away = options_.folder + "/" + name;
    for_each_name(away, [&](int, const std::string& folder) {
      for_each_name(away + "/" + folder,
                    [](int at, const std::string& file) { ::unlinkat(at, file.c_str(), 0); });
      if (::rmdir((away + "/" + folder).c_str()) != 0) ::unlink((away + "/" + folder).c_str());
    });
    if (::rmdir(away.c_str()) != 0) complain(fail_errno("remove " + away).error());
  });
}

// ---- look-ups ----

bool DiskCache::may_have(std::string_view key) const {
  if (!index_loaded_) return true;
  const Digest digest = digest_of(key);
  std::lock_guard lock(mutex_);
  return index_.contains(digest);
}

void DiskCache::find(std::string key, EventLoop& loop, std::move_only_function<void(ObjectPtr)> found) {
  // Shared: a full queue gives back nothing.
  auto answer = std::make_shared<std::move_only_function<void(ObjectPtr)>>(std::move(found));
  const bool taken = readers_->submit([this, key = std::move(key), &loop, answer] {
    ObjectPtr object = read(key);
    ++(object ? counters_.hits : counters_.misses);
    loop.post([answer, object = std::move(object)]() mutable { (*answer)(std::move(object)); });
  });
  if (taken) return;
  ++counters_.refused;
  loop.post([answer] { (*answer)(nullptr); });
}

ObjectPtr DiskCache::read(const std::string& key) {
  const Digest digest = digest_of(key);
  UseMark mark;
  bool verified = false;
  {
    std::lock_guard lock(mutex_);
    if (const OnDisk* entry = index_.find(digest)) {
      mark = entry->used;
      verified = entry->verified;
    } else if (index_loaded_) {
      return nullptr;
    }
  }
  const std::string path = path_of(digest);
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return nullptr;  // evicted meanwhile
  const auto size = body_bytes_of(file.get());
  const bool large = size && *size > kLargestInMemory;
  auto object =
      large ? open_object(std::move(file), verified ? Verify::no : Verify::yes) : read_object(file.get());
  if (!object) {
    ++counters_.broken;
    log::warn("{}: {}; it is dropped", path, object.error().message);
    writer_->must([this, digest] { remove_if_broken(digest); });
    return nullptr;
  }
  if ((*object)->key != key ||
      options_.invalidations->covers((*object)->distribution_id, (*object)->target, (*object)->epoch))
    return nullptr;
  if (mark) (*object)->used = std::move(mark);
  if (large) {
    std::lock_guard lock(mutex_);
    if (OnDisk* entry = index_.peek(digest)) {
      entry->open = (*object)->file;
      entry->verified = true;
    }
  }
  return std::move(*object);
}

// Before its file is removed or replaced.
void DiskCache::mark_gone(const OnDisk& entry) {
  if (const auto open = entry.open.lock()) open->gone = true;
}

// ---- the writer ----

void DiskCache::put(ObjectPtr object) {
  if (object->file) return;  // it is there; what is newer of its head is in memory only
  const uint64_t bytes = object->bytes();
  if (charged(bytes) > options_.limit_bytes) return;
  if (queued_bytes_.fetch_add(bytes) + bytes > kMostQueuedBytes && queued_bytes_ != bytes) {
    queued_bytes_ -= bytes;
    ++counters_.refused;
    return;
  }
  const bool taken = writer_->submit([this, object = std::move(object), bytes] {
    if (Result<> written = write(*object); !written) complain(written.error());
    queued_bytes_ -= bytes;
  });
  if (taken) return;
  queued_bytes_ -= bytes;
  ++counters_.refused;
}

Result<> DiskCache::write(const CachedObject& object) {
  const Digest digest = digest_of(object.key);
  const ObjectFileParts parts = object_file_parts(object);
  const size_t bytes = charged(parts.front.size() + object.body.size() + parts.sums.size());
  if (bytes > options_.limit_bytes || parts.front.size() > kPrefixBytes + kMostHeadBytes) {
    remove(digest);  // what is there is older
    return {};
  }
  const std::string fresh = fmt::format("{}/new-{}", folder_of_objects(), temporary_++);
  make_room(digest, bytes);
  {
    UniqueFd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
    if (!file) return fail_errno("create " + fresh);
    Result<> written = write_all(file.get(), parts.front);
    if (written) written = write_all(file.get(), object.body);
    if (written) written = write_all(file.get(), parts.sums);
    if (!written) {
      ::unlink(fresh.c_str());
      remove(digest);
      return written;
    }
  }
  if (options_.invalidations->covers(object.distribution_id, object.target, object.epoch)) {
    ::unlink(fresh.c_str());
    return {};
  }
  if (Result<> renamed = put_in_place(fresh, path_of(digest)); !renamed) {
    ::unlink(fresh.c_str());
    remove(digest);
    return renamed;
  }
  ++counters_.written;
  std::lock_guard lock(mutex_);
  if (const OnDisk* entry = index_.peek(digest)) mark_gone(*entry);
  index_.put(digest, {.used = object.used}, bytes);
  return {};
}

void DiskCache::make_room(const Digest& digest, size_t bytes) {
  std::vector<Digest> gone;
  {
    std::lock_guard lock(mutex_);
    index_.make_room_for(
        digest, bytes + static_cast<size_t>(spooling_bytes_),
        [&](const Digest& one, OnDisk& entry) {
          mark_gone(entry);
          gone.push_back(one);
        },
        [](const OnDisk& entry) { return entry.used->exchange(false, std::memory_order_relaxed); });
  }
  for (const Digest& one : gone) ::unlink(path_of(one).c_str());
  counters_.evicted += gone.size();
}

void DiskCache::remove(const Digest& digest) {
  {
    std::lock_guard lock(mutex_);
    if (const OnDisk* entry = index_.peek(digest)) mark_gone(*entry);
    index_.erase(digest);
  }
  ::unlink(path_of(digest).c_str());
}

// It may have been replaced by a whole one since a reader found it broken.
void DiskCache::remove_if_broken(const Digest& digest) {
  UniqueFd file(::open(path_of(digest).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file && !open_object(std::move(file), Verify::yes)) remove(digest);
}

void DiskCache::complain(const Error& error) {
  const int64_t now = Clock::system().monotonic_ns();
  if (complained_ns_ != 0 && now - complained_ns_ < kComplainNs) return;
  complained_ns_ = now;
  log::warn("cache on disk: {}", error.message);
}

// ---- invalidations ----

void DiskCache::sweep() {
  if (!options_.invalidations->needs_sweep() || sweep_due_.exchange(true)) return;
  writer_->must([this] {
    sweep_due_ = false;
    auto sweep = std::make_shared<Sweep>();
    sweep->sequence = options_.invalidations->sequence();
    {
      std::lock_guard lock(mutex_);
      index_.for_each([&](const Digest& digest, const OnDisk&) { sweep->digests.push_back(digest); });
    }
    sweep_some(std::move(sweep));
  });
}

void DiskCache::sweep_some(std::shared_ptr<Sweep> sweep) {
  if (ending_) return;  // the journal has it still
  for (size_t i = 0; i < kSweptAtOnce && !sweep->digests.empty(); ++i) {
    const Digest digest = sweep->digests.back();
    sweep->digests.pop_back();
    const std::string path = path_of(digest);
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) continue;
    const auto head = read_object_head(file.get());
    if (head && !options_.invalidations->covers((*head)->distribution_id, (*head)->target, (*head)->epoch))
      continue;
    remove(digest);
    ++sweep->removed;
    sweep->folders.insert(path.substr(0, path.rfind('/')));
  }
  if (!sweep->digests.empty()) {
    writer_->must([this, sweep = std::move(sweep)] { sweep_some(sweep); });
    return;
  }
  // The journal forgets only what no power cut can bring back.
  for (const std::string& folder : sweep->folders)
    if (Result<> synced = sync_directory(folder); !synced) return complain(synced.error());
  if (Result<> swept = options_.invalidations->swept(sweep->sequence); !swept) complain(swept.error());
  log::debug("cache on disk: invalidations up to {} removed {} files", sweep->sequence, sweep->removed);
}

}  // namespace landfall::cloudfront
