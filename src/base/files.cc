#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace landfall {

Result<std::string> read_file(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  std::string out;
  char buffer[8192];
  ssize_t n;
  while ((n = read(fd.get(), buffer, sizeof buffer)) > 0) out.append(buffer, static_cast<size_t>(n));
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
  UniqueFd folder(open(slash == std::string::npos ? "." : path.substr(0, slash + 1).c_str(),
                       O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0) return fail_errno("fsync the folder of " + path);
  return {};
}

}  // namespace landfall
