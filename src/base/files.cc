#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace landfall {
namespace {
constexpr size_t kReadBytes = 8192;  // at once, of a file that says no size
}

Result<std::string> read_file(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  // Of its size, if it says one, and a byte in which its end is met; what /proc has says none.
  struct stat status{};
  if (fstat(fd.get(), &status) != 0) return fail_errno("stat " + path);
  const size_t expected = S_ISREG(status.st_mode) ? static_cast<size_t>(status.st_size) : 0;
  std::string out;
  ssize_t n = 1;
  for (size_t room = expected + 1; n > 0; room = kReadBytes) {
    const size_t end = out.size() + room;
    out.resize_and_overwrite(end, [&, at = out.size()](char* bytes, size_t) mutable {
      while (at < end && (n = read(fd.get(), bytes + at, end - at)) > 0) at += static_cast<size_t>(n);
      return at;
    });
  }
  if (n < 0) return fail_errno("read " + path);
  return out;
}

Result<> write_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string beside = path + ".new";
  unlink(beside.c_str());
  UniqueFd fd(open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd) return fail_errno("create " + beside);
  if (fchmod(fd.get(), mode) != 0) return fail_errno("chmod " + beside);  // whatever the umask
  while (!bytes.empty()) {
    const ssize_t n = write(fd.get(), bytes.data(), bytes.size());
    if (n < 0) return fail_errno("write " + beside);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  if (fsync(fd.get()) != 0) return fail_errno("fsync " + beside);
  if (rename(beside.c_str(), path.c_str()) != 0) return fail_errno("rename " + beside);
  const size_t slash = path.rfind('/');
  return sync_directory(slash == std::string::npos ? "" : path.substr(0, slash + 1));
}

Result<> sync_directory(const std::string& path) {
  UniqueFd fd(open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  if (fsync(fd.get()) != 0) return fail_errno("fsync " + path);
  return {};
}

}  // namespace landfall
