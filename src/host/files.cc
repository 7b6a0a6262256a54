#include "host/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "base/unique_fd.h"

namespace landfall::host {

Result<std::string> read_file(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  std::string out;
  char bytes[16384];
  while (true) {
    const ssize_t n = read(fd.get(), bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("read " + path);
    if (n == 0) return out;
    out.append(bytes, static_cast<size_t>(n));
  }
}

Result<> write_file_atomically(const std::string& path, std::string_view content) {
  const std::string draft = path + ".draft";
  UniqueFd fd(open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd) return fail_errno("create " + draft);
  while (!content.empty()) {
    const ssize_t n = write(fd.get(), content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("write " + draft);
    content.remove_prefix(static_cast<size_t>(n));
  }
  if (rename(draft.c_str(), path.c_str()) != 0) return fail_errno("rename " + draft);
  return {};
}

}  // namespace landfall::host
