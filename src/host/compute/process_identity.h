// ProcessIdentity: which process a number means. A pid alone may have been given to another process since;
// with the time at which the process started (in the kernel's ticks) it means one process within a boot.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::host {

struct ProcessIdentity {
  int64_t pid = 0;
  int64_t start_ticks = 0;  // proc_pid_stat(5), field 22
  bool operator==(const ProcessIdentity&) const = default;
  template <class V>
  void fields(V& v) {
    v("pid", pid);
    v("start_ticks", start_ticks);
  }
};

Result<ProcessIdentity> identify(pid_t pid);

// A pidfd of exactly that process; Error (ESRCH) if it is gone, or is a zombie.
Result<UniqueFd> open_process(const ProcessIdentity& identity);

}  // namespace landfall::host
