// Starts a role's process with exactly the privileges it needs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::roles {

enum class Privileges {
  root,            // host
  none,            // control: its own user, no capability, no_new_privs
  bind_low_ports,  // edge: the same, with CAP_NET_BIND_SERVICE
};

struct RoleCommand {
  std::vector<std::string> arguments;  // of this program; --ready-fd is added
  Privileges privileges = Privileges::none;
  uint32_t uid = 0;        // and gid
  uint32_t extra_gid = 0;  // a supplementary group, if not 0
};

struct RoleProcess {
  pid_t pid = -1;
  UniqueFd pidfd;   // readable when it has ended
  UniqueFd output;  // its stdout and stderr, non-blocking
  UniqueFd ready;   // gets "ready\n", non-blocking
};

// The child dies (SIGKILL) when the calling thread does; it has a session of its own, a clean environment and
// no other descriptor of ours.
Result<RoleProcess> start_role(const RoleCommand& command);

}  // namespace landfall::roles
