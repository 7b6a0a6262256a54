#include "services/cloudfront/dataplane/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace landfall::cloudfront {

Result<> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("write");
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return {};
}

Result<> read_exactly(int fd, uint64_t offset, char* buffer, size_t size) {
  while (size > 0) {
    const ssize_t n = ::pread(fd, buffer, size, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("read");
    if (n == 0) return fail("the file is shorter than it says");
    offset += static_cast<uint64_t>(n);
    buffer += n;
    size -= static_cast<size_t>(n);
  }
  return {};
}

Result<> put_in_place(const std::string& fresh, const std::string& path) {
  if (::rename(fresh.c_str(), path.c_str()) == 0) return {};
  if (errno == ENOENT) {
    LF_CHECK(make_folder(path.substr(0, path.rfind('/'))));
    if (::rename(fresh.c_str(), path.c_str()) == 0) return {};
  }
  return fail_errno("rename " + fresh);
}

Result<> make_folder(const std::string& path) {
  constexpr mode_t kOwnerOnly = 0700;
  if (::mkdir(path.c_str(), kOwnerOnly) != 0 && errno != EEXIST) return fail_errno("create " + path);
  if (::chmod(path.c_str(), kOwnerOnly) != 0) return fail_errno("chmod " + path);
  return {};
}

}  // namespace landfall::cloudfront
