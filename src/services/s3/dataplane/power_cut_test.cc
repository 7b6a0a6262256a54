// Records every file operation of a store at work, its index's included, and replays what a power cut at any
// of them may leave: whatever the store had acknowledged by then must be there afterwards, whole.
//
// The operations are seen because this program defines the system's file functions itself: the dynamic linker
// gives these to RocksDB's library too. They do what the system's do and, while a Recorder lives, tell it;
// but fsync only waits a moment then, since nothing here depends on the real disk.
//
// LANDFALL_POWER_CUT=all replays every state that the quick run samples from.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdarg>
#include <mutex>
#include <set>
#include <thread>

#include "services/s3/dataplane/power_cut.h"
#include "services/s3/dataplane/store_testing.h"

namespace landfall::s3::power_cut {
namespace {

constexpr size_t kStatesOfAQuickRun = 40;

// Of the files under one directory. One at a time; from its construction on all threads' operations are its
// business.
class Recorder {
 public:
  explicit Recorder(std::string root) : root_(std::move(root) + "/") { current = this; }
  ~Recorder() { current = nullptr; }
  static inline std::atomic<Recorder*> current = nullptr;

  void mark(uint64_t number) {
    std::lock_guard lock(mutex_);
    disk_.mark(number);
  }
  const Disk& disk() const { return disk_; }

  int open(const char* path, int flags, mode_t mode) {
    const auto inside = under_root(path);
    std::lock_guard lock(mutex_);
    const int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
    if (fd < 0) return fd;
    files_.erase(fd);
    if (!inside) return fd;
    Inode inode = disk_.find(*inside);
    if (inode == kNone && flags & O_CREAT) inode = disk_.create(*inside);
    if (inode != kNone && flags & O_TRUNC) disk_.truncate(inode, 0);
    if (inode != kNone) files_[fd] = {inode, 0};
    return fd;
  }
  int close(int fd) {
    std::lock_guard lock(mutex_);
    files_.erase(fd);
    return static_cast<int>(syscall(SYS_close, fd));
  }
  ssize_t write(int fd, const void* bytes, size_t size) {
    std::lock_guard lock(mutex_);
    const ssize_t n = syscall(SYS_write, fd, bytes, size);
    if (auto file = files_.find(fd); n > 0 && file != files_.end()) {
      disk_.write(file->second.inode, file->second.offset,
                  {static_cast<const char*>(bytes), static_cast<size_t>(n)});
      file->second.offset += static_cast<uint64_t>(n);
    }
    return n;
  }
  ssize_t writev(int fd, const iovec* pieces, int count) {
    std::lock_guard lock(mutex_);
    const ssize_t n = syscall(SYS_writev, fd, pieces, count);
    auto file = files_.find(fd);
    if (file == files_.end()) return n;
    for (size_t left = n > 0 ? static_cast<size_t>(n) : 0; left > 0; ++pieces) {
      const size_t size = std::min(left, pieces->iov_len);
      disk_.write(file->second.inode, file->second.offset,
                  {static_cast<const char*>(pieces->iov_base), size});
      file->second.offset += size;
      left -= size;
    }
    return n;
  }

  ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
    std::lock_guard lock(mutex_);
    const ssize_t n = syscall(SYS_pwrite64, fd, bytes, size, offset);
    if (auto file = files_.find(fd); n > 0 && file != files_.end())
      disk_.write(file->second.inode, static_cast<uint64_t>(offset),
                  {static_cast<const char*>(bytes), static_cast<size_t>(n)});
    return n;
  }
  off_t lseek(int fd, off_t offset, int whence) {
    std::lock_guard lock(mutex_);
    const off_t at = syscall(SYS_lseek, fd, offset, whence);
    if (auto file = files_.find(fd); at >= 0 && file != files_.end())
      file->second.offset = static_cast<uint64_t>(at);
    return at;
  }
  int ftruncate(int fd, off_t size) {
    std::lock_guard lock(mutex_);
    const int done = static_cast<int>(syscall(SYS_ftruncate, fd, size));
    if (auto file = files_.find(fd); done == 0 && file != files_.end())
      disk_.truncate(file->second.inode, static_cast<uint64_t>(size));
    return done;
  }
  int sync(int fd) {
    Inode inode = kNone;
    size_t covered = 0;
    {
      std::lock_guard lock(mutex_);
      if (auto file = files_.find(fd); file != files_.end()) inode = file->second.inode;
      covered = disk_.size();
    }
    std::this_thread::yield();  // a disk takes its time, and others go on
    std::lock_guard lock(mutex_);
    if (inode != kNone) disk_.sync(inode, covered);
    return 0;
  }
  int rename(const char* from, const char* to) {
    std::lock_guard lock(mutex_);
    const int done = static_cast<int>(syscall(SYS_rename, from, to));
    if (const auto a = under_root(from), b = under_root(to); done == 0 && a && b) disk_.rename(*a, *b);
    return done;
  }
  int unlink(const char* path) {
    std::lock_guard lock(mutex_);
    const int done = static_cast<int>(syscall(SYS_unlink, path));
    if (const auto inside = under_root(path); done == 0 && inside) disk_.remove(*inside);
    return done;
  }
  int mkdir(const char* path, mode_t mode) {
    std::lock_guard lock(mutex_);
    const int done = static_cast<int>(syscall(SYS_mkdir, path, mode));
    if (const auto inside = under_root(path); done == 0 && inside) disk_.make_directory(*inside);
    return done;
  }

 private:
  struct File {
    Inode inode;
    uint64_t offset;
  };
  std::optional<std::string> under_root(std::string_view path) const {
    if (path == std::string_view(root_).substr(0, root_.size() - 1)) return "";
    if (!path.starts_with(root_)) return std::nullopt;
    return std::string(path.substr(root_.size()));
  }

  const std::string root_;
  std::mutex mutex_;
  Disk disk_;
  std::map<int, File> files_;
};

Recorder* recorder() { return Recorder::current.load(std::memory_order_relaxed); }

}  // namespace
}  // namespace landfall::s3::power_cut

// ---- the system's functions ----

using landfall::s3::power_cut::recorder;

extern "C" {

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if (flags & O_CREAT) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  if (auto* to = recorder()) return to->open(path, flags, mode);
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
int close(int fd) {
  if (auto* to = recorder()) return to->close(fd);
  return static_cast<int>(syscall(SYS_close, fd));
}
ssize_t write(int fd, const void* bytes, size_t size) {
  if (auto* to = recorder()) return to->write(fd, bytes, size);
  return syscall(SYS_write, fd, bytes, size);
}
ssize_t writev(int fd, const iovec* pieces, int count) {
  if (auto* to = recorder()) return to->writev(fd, pieces, count);
  return syscall(SYS_writev, fd, pieces, count);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  if (auto* to = recorder()) return to->pwrite(fd, bytes, size, offset);
  return syscall(SYS_pwrite64, fd, bytes, size, offset);
}
off_t lseek(int fd, off_t offset, int whence) noexcept {
  if (auto* to = recorder()) return to->lseek(fd, offset, whence);
  return syscall(SYS_lseek, fd, offset, whence);
}
int ftruncate(int fd, off_t size) noexcept {
  if (auto* to = recorder()) return to->ftruncate(fd, size);
  return static_cast<int>(syscall(SYS_ftruncate, fd, size));
}
int fsync(int fd) {
  if (auto* to = recorder()) return to->sync(fd);
  return static_cast<int>(syscall(SYS_fsync, fd));
}
int fdatasync(int fd) {
  if (auto* to = recorder()) return to->sync(fd);
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}
int rename(const char* from, const char* to_path) noexcept {
  if (auto* to = recorder()) return to->rename(from, to_path);
  return static_cast<int>(syscall(SYS_rename, from, to_path));
}
int unlink(const char* path) noexcept {
  if (auto* to = recorder()) return to->unlink(path);
  return static_cast<int>(syscall(SYS_unlink, path));
}
int mkdir(const char* path, mode_t mode) noexcept {
  if (auto* to = recorder()) return to->mkdir(path, mode);
  return static_cast<int>(syscall(SYS_mkdir, path, mode));
}

}  // extern "C"

namespace landfall::s3::power_cut {
namespace {

// ---- the work ----

constexpr int kWriters = 4, kKeysPerWriter = 3, kWritesPerWriter = 9;

// One write or removal of one key. Its number marks its beginning (2 * number) and its acknowledgement (2 *
// number + 1).
struct Step {
  std::string key;
  std::string value;
  bool erasing = false;
};

std::vector<Step> steps_of(int session, int writer) {
  constexpr size_t sizes[] = {10, 4'096, 40'000, 70'000, 300'000};
  std::vector<Step> steps;
  for (int i = 0; i < kWritesPerWriter; ++i) {
    const int seed = session * 1'000 + writer * 100 + i;
    Step step{.key = std::to_string(writer) + "/" + std::to_string(i % kKeysPerWriter),
              .erasing = i % 5 == 4};
    if (!step.erasing) step.value = std::to_string(seed) + " " + pattern(sizes[(writer + i) % 5], seed);
    steps.push_back(std::move(step));
  }
  return steps;
}

bool put_in_parts(ObjectStore& store, const ObjectName& name, const std::string& bytes) {
  auto id =
      wait_for<std::string>([&](Done<std::string> done) { store.create_upload(name, {}, std::move(done)); });
  auto body = stage(store, bytes);
  if (!id || !body) return false;
  PartRecord part;
  part.number = 1;
  part.etag = "part";
  auto stored = wait_for<PartRecord>(
      [&](Done<PartRecord> done) { store.put_part(name, *id, part, std::move(*body), std::move(done)); });
  if (!stored) return false;
  CompleteRequest request{.name = name, .upload_id = *id, .parts = {{1, "part"}}};
  request.finish = [](const std::vector<PartRecord>&, const UploadRecord&, ObjectRecord&) -> StoreResult<> {
    return {};
  };
  return wait_for<ObjectRecord>(
             [&](Done<ObjectRecord> done) { store.complete_upload(std::move(request), std::move(done)); })
      .has_value();
}

struct Work {
  std::vector<Step> steps;  // by number
  std::mutex mutex;
  size_t begin(const Step& step) {
    std::lock_guard lock(mutex);
    steps.push_back(step);
    return steps.size() - 1;
  }
};

void write_keys(ObjectStore& store, Recorder& recorder, Work& work, const ObjectName& bucket,
                std::vector<Step> steps) {
  for (const Step& step : steps) {
    ObjectName name = bucket;
    name.key = step.key;
    const size_t number = work.begin(step);
    recorder.mark(2 * number);
    bool done = false;
    if (step.erasing)
      done = erase(store, name).has_value();
    else if (number % 4 == 3)
      done = put_in_parts(store, name, step.value);
    else
      done = put(store, name, step.value).has_value();
    ASSERT_TRUE(done) << step.key;
    recorder.mark(2 * number + 1);
  }
}

// Two sessions of one store, so that the second begins with what the first left.
void work_in(const std::string& directory, Recorder& recorder, Work& work) {
  for (int session = 0; session < 2; ++session) {
    auto store = open_store(directory);
    if (session == 0) make_bucket(*store, "b");
    const ObjectName bucket{"b", store->find_bucket("b")->id, ""};
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kWriters; ++writer)
      writers.emplace_back(
          [&, writer] { write_keys(*store, recorder, work, bucket, steps_of(session, writer)); });
    for (auto& writer : writers) writer.join();
    store->wait_until_idle();
  }
}

// ---- what must be there ----

struct Expected {
  const Step* acknowledged = nullptr;  // the last of the key
  const Step* begun = nullptr;         // after it, unanswered
};

std::map<std::string, Expected> expected_after(const Disk& disk, const Work& work, size_t done) {
  std::map<std::string, Expected> keys;
  for (size_t i = 0; i < done; ++i) {
    if (disk.operation(i).kind != Kind::mark) continue;
    const uint64_t mark = disk.operation(i).offset;
    const Step& step = work.steps[mark / 2];
    if (mark % 2 == 0)
      keys[step.key].begun = &step;
    else
      keys[step.key] = {&step, nullptr};
  }
  return keys;
}

bool holds(const StoreResult<std::string>& got, const Step* step) {
  if (step == nullptr || step->erasing) return !got && got.error().code == StoreErrc::no_such_key;
  return got && *got == step->value;
}

// The first thing that is wrong with the store in `directory`; nothing if all is well.
std::string judge(const std::string& directory, const std::map<std::string, Expected>& keys) {
  auto opened = ObjectStore::open({.directory = directory});
  if (!opened) return "does not open: " + opened.error().message;
  ObjectStore& store = **opened;
  store.wait_until_idle();
  const auto bucket = store.find_bucket("b");
  if (!bucket) return keys.empty() ? "" : "the bucket is lost";
  for (const auto& [key, expected] : keys) {
    const auto got = get(store, {"b", bucket->id, key});
    if (holds(got, expected.acknowledged) || (expected.begun != nullptr && holds(got, expected.begun)))
      continue;
    const std::string found = got ? std::to_string(got->size()) + " bytes, " + got->substr(0, got->find(' '))
                                  : "error: " + got.error().message;
    return key + " is lost or torn: " + found;
  }
  return "";
}

Chooser chooser(int manner, SeededRandom& random) {
  switch (manner) {
    case 0:
      return [](const Operation&) { return Fate::lost; };
    case 1:
      return [](const Operation&) { return Fate::kept; };
    case 2:  // bytes came, names did not
      return [](const Operation& op) { return op.kind == Kind::write ? Fate::kept : Fate::lost; };
    case 3:  // names came, bytes did not
      return [](const Operation& op) { return op.kind == Kind::write ? Fate::torn : Fate::kept; };
    default:
      return [&random](const Operation&) { return static_cast<Fate>(random.below(3)); };
  }
}
constexpr int kManners = 6;

class PowerCut : public ::testing::Test {
 protected:
  static bool is_worth_a_cut(const Operation& op) {
    return op.kind == Kind::sync || op.kind == Kind::rename || op.kind == Kind::remove ||
           (op.kind == Kind::mark && op.offset % 2 == 1);
  }
  TemporaryDirectory directory_;
};

TEST_F(PowerCut, leaves_every_acknowledged_object_whole_whatever_was_not_synced) {
  Work work;
  const std::string root = directory_.path() + "/disk";
  std::filesystem::create_directory(root);
  Disk disk;
  {
    Recorder recorder(root);
    work_in(root + "/s3", recorder, work);
    disk = recorder.disk();
  }
  std::vector<std::pair<size_t, int>> states;
  for (size_t done = 1; done <= disk.size(); ++done)
    if (is_worth_a_cut(disk.operation(done - 1)))
      for (int manner = 0; manner < kManners; ++manner) states.emplace_back(done, manner);
  const char* wanted = getenv("LANDFALL_POWER_CUT");
  const bool all = wanted != nullptr && std::string_view(wanted) == "all";
  SeededRandom random(7);
  if (!all) {  // of each part of the work as many
    std::vector<std::pair<size_t, int>> some;
    for (size_t i = 0; i < kStatesOfAQuickRun; ++i) {
      const size_t from = i * states.size() / kStatesOfAQuickRun,
                   to = (i + 1) * states.size() / kStatesOfAQuickRun;
      some.push_back(states[from + random.below(std::max<size_t>(to - from, 1))]);
    }
    states = std::move(some);
  }
  std::map<std::string, size_t> wrong;
  Recorder nothing_is_synced(
      "/nowhere");  // the replays need no disk's time; what they do is recorded nowhere
  for (const auto& [done, manner] : states) {
    const std::string copy = directory_.path() + "/cut";
    disk.materialize(done, chooser(manner, random), copy);
    const std::string why = judge(copy + "/s3", expected_after(disk, work, done));
    std::filesystem::remove_all(copy);
    if (!why.empty() && ++wrong[why] == 1)
      ADD_FAILURE() << "cut after operation " << done << " of " << disk.size() << ", manner " << manner
                    << ": " << why;
  }
  RecordProperty("states", static_cast<int>(states.size()));
  std::printf("power cut: %zu operations, %zu states replayed\n", disk.size(), states.size());
}

// The replay itself can fail: a store that acknowledges before it syncs is caught.
TEST(PowerCutModel, loses_what_was_not_synced_and_keeps_what_was) {
  TemporaryDirectory directory;
  Disk disk;
  const Inode a = disk.create("a"), b = disk.create("b");
  disk.write(a, 0, "synced");
  disk.sync(a, disk.size());
  disk.write(a, 6, " not");
  disk.write(b, 0, "synced too, but its name is not");
  disk.sync(b, disk.size());
  const auto left = [&](size_t done, Fate fate) {
    const std::string into = directory.path() + "/cut";
    disk.materialize(done, [fate](const Operation&) { return fate; }, into);
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(into)) {
      std::ifstream file(entry.path());
      text += entry.path().filename().string() + "=" + std::string(std::istreambuf_iterator<char>(file), {}) +
              ";";
    }
    std::filesystem::remove_all(into);
    return text;
  };
  EXPECT_EQ(left(disk.size(), Fate::lost), "");
  disk.sync(kRoot, 1);  // began when only "a" was there
  EXPECT_EQ(left(disk.size(), Fate::lost), "a=synced;");
  disk.sync(kRoot, disk.size());
  disk.rename("a", "c");
  EXPECT_NE(left(disk.size(), Fate::lost).find("a=synced;"), std::string::npos);
  EXPECT_NE(left(disk.size(), Fate::kept).find("c=synced not;"), std::string::npos);
  EXPECT_EQ(left(disk.size(), Fate::kept).find("a="), std::string::npos);
}

}  // namespace
}  // namespace landfall::s3::power_cut
