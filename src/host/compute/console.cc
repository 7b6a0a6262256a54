#include "host/compute/console.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace landfall::host {

namespace {

Result<std::string> read_tail(const std::string& path, int64_t bytes) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return fail_errno("open " + path);
  struct stat info;
  if (fstat(fd.get(), &info) != 0) return fail_errno("stat " + path);
  const off_t start = std::max<off_t>(0, info.st_size - bytes);
  std::string out(static_cast<size_t>(info.st_size - start), '\0');
  const ssize_t n = pread(fd.get(), out.data(), out.size(), start);
  if (n < 0) return fail_errno("read " + path);
  out.resize(static_cast<size_t>(n));
  return out;
}

}  // namespace

Result<UniqueFd> open_console(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno("open " + path);
  return fd;
}

Result<> rotate_console(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0 || info.st_size <= kConsoleBytes) return {};
  LF_TRY(const std::string tail, read_tail(path, kConsoleBytes));
  const std::string old = path + ".1", draft = old + ".draft";
  unlink(draft.c_str());
  LF_TRY(UniqueFd out, open_console(draft));
  if (write(out.get(), tail.data(), tail.size()) != static_cast<ssize_t>(tail.size()))
    return fail_errno("write " + draft);
  if (rename(draft.c_str(), old.c_str()) != 0) return fail_errno("rename " + draft);
  if (truncate(path.c_str(), 0) != 0) return fail_errno("truncate " + path);
  return {};
}

Result<std::string> read_console_tail(const std::string& path, int64_t bytes) {
  bytes = std::clamp<int64_t>(bytes, 0, kMaxConsoleTail);
  Result<std::string> current = read_tail(path, bytes);
  if (!current) {
    if (current.error().error_number == ENOENT) return std::string();
    return current;
  }
  const auto missing = bytes - static_cast<int64_t>(current->size());
  if (missing == 0) return current;
  return read_tail(path + ".1", missing).value_or("") + *current;
}

int64_t console_written_at_ms(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) return 0;
  return info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1'000'000;
}

}  // namespace landfall::host
