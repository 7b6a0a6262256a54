// What each role is told when it starts. The command line (src/cli) and the supervisor (up.cc) fill these in;
// the roles' composition roots (control.cc, edge.cc, host.cc) take them.
//
// Life of a role, whoever starts it:
//   - it calls notify_ready(options.role.ready_fd) once it serves;
//   - SIGTERM asks it to stop in order (exit status 0). For `host` that means: stop every workload, remove
//   every namespace,
//     mount and rule it made, keep the data. SIGINT is ignored by a supervised role (the terminal sends it to
//     everybody).
//   - SIGKILL or a crash leaves the world as it is: the next start of the role picks it up.
#pragma once

#include <cstdint>
#include <string>

#include "base/log.h"
#include "gateway/auth_mode.h"

namespace landfall::roles {

// Numeric users (and groups of the same number): nobody else's, so nothing else on the machine owns their
// files.
struct Users {
  uint32_t control = 64700;
  uint32_t edge = 64701;
  uint32_t postgres = 64702;
  uint32_t redis = 64703;
};

struct RoleOptions {
  std::string data_dir;  // absolute; see roles/layout.h for what is where
  std::string region = "us-east-1";
  std::string account_id = "123456789012";  // 12 digits
  std::string public_cidr = "127.77.0.0/16";
  std::string boot_id;  // the machine's /proc/sys/kernel/random/boot_id: another one, nothing runs any more
  uint16_t api_port = 4566;  // on 127.0.0.1
  Users users;
  log::Level log_level = log::Level::info;
  int ready_fd = -1;  // see notify_ready(); -1: nobody waits
};

struct ControlOptions {
  RoleOptions role;
  AuthMode auth = AuthMode::enforce;
};

struct EdgeOptions {
  RoleOptions role;
  AuthMode auth = AuthMode::enforce;   // S3 is authorised in edge
  unsigned workers = 0;                // threads that carry traffic; 0: one per CPU this process may use
  int64_t log_delivery_seconds = 300;  // access logs reach S3 at the ends of periods this long
};

struct HostOptions {
  RoleOptions role;
};

// Says "ready" to whoever started this role (one line into the descriptor, which is then closed).
void notify_ready(int ready_fd);

}  // namespace landfall::roles
