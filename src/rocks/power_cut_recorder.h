// Records every file operation of a program under a directory, RocksDB's included, and replays what a power
// cut at any of them may leave (power_cut.h). For one test file of a program: it defines the system's
// functions.
//
// The operations are seen because the program defines the system's file functions itself: the dynamic linker
// gives these to RocksDB's library too. They do what the system's do and, while a Recorder lives, tell it;
// but fsync only waits a moment then, since nothing here depends on the real disk.
//
// LANDFALL_POWER_CUT=all replays every state that the quick run samples from.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

#include "base/random.h"
#include "rocks/power_cut.h"

namespace landfall::power_cut {
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

inline Recorder* recorder() { return Recorder::current.load(std::memory_order_relaxed); }

}  // namespace landfall::power_cut

// ---- the system's functions ----

using landfall::power_cut::recorder;

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

namespace landfall::power_cut {

inline Chooser chooser(int manner, SeededRandom& random) {
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
inline constexpr int kManners = 6;

inline bool is_worth_a_cut(const Operation& op) {
  return op.kind == Kind::sync || op.kind == Kind::rename || op.kind == Kind::remove ||
         (op.kind == Kind::mark && op.offset % 2 == 1);
}

// (operations done, manner of loss) of every state, or `sample` of them, as many of each part of the work.
inline std::vector<std::pair<size_t, int>> states_of(const Disk& disk, size_t sample, SeededRandom& random) {
  std::vector<std::pair<size_t, int>> states, some;
  for (size_t done = 1; done <= disk.size(); ++done)
    if (is_worth_a_cut(disk.operation(done - 1)))
      for (int manner = 0; manner < kManners; ++manner) states.emplace_back(done, manner);
  const char* wanted = getenv("LANDFALL_POWER_CUT");
  if (wanted != nullptr && std::string_view(wanted) == "all") return states;
  for (size_t i = 0; i < sample; ++i) {
    const size_t from = i * states.size() / sample, to = (i + 1) * states.size() / sample;
    some.push_back(states[from + random.below(std::max<size_t>(to - from, 1))]);
  }
  return some;
}

// `judge(directory, done)` says what is wrong with what is left after `done` operations; nothing if all is
// well. `scratch` must not exist.
inline void replay(const Disk& disk, const std::string& scratch, size_t sample,
                   const std::function<std::string(const std::string& directory, size_t done)>& judge) {
  SeededRandom random(7);
  std::map<std::string, size_t> wrong;
  Recorder nothing_is_synced(
      "/nowhere");  // the replays need no disk's time; what they do is recorded nowhere
  const auto states = states_of(disk, sample, random);
  for (const auto& [done, manner] : states) {
    disk.materialize(done, chooser(manner, random), scratch);
    const std::string why = judge(scratch, done);
    std::filesystem::remove_all(scratch);
    if (!why.empty() && ++wrong[why] == 1)
      ADD_FAILURE() << "cut after operation " << done << " of " << disk.size() << ", manner " << manner
                    << ": " << why;
  }
  std::printf("power cut: %zu operations, %zu states replayed\n", disk.size(), states.size());
}

}  // namespace landfall::power_cut
