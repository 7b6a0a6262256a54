#include <unistd.h>

#include "roles/options.h"

namespace landfall::roles {

void notify_ready(int ready_fd) {
  if (ready_fd < 0) return;
  static constexpr char kLine[] = "ready\n";
  // The reader may be gone (the supervisor was killed): then nobody waits, and there is nobody to tell.
  [[maybe_unused]] const ssize_t written = ::write(ready_fd, kLine, sizeof kLine - 1);
  ::close(ready_fd);
}

}  // namespace landfall::roles
