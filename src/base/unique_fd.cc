#include "base/unique_fd.h"

#include <unistd.h>

namespace landfall {

void UniqueFd::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace landfall
