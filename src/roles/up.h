// `landfall up`: supervises the three roles on one machine.
//
// What it promises:
//   - one `up` per data directory (flock); a second one is refused and told the pid of the first;
//   - the roles live in a mount namespace of their own: however they die, no mount is left on the machine;
//   - each role has its own user and only the privileges it needs; a role that dies is started again at once,
//   with a
//     bounded backoff if it goes on dying;
//   - SIGINT, SIGTERM or `landfall down`: control and edge stop, then host takes its world down, then up
//   ends.
#pragma once

#include <optional>
#include <string>

#include "roles/options.h"

namespace landfall::roles {

enum class Attachment { foreground, detached };

struct UpOptions {
  std::string data_dir;
  // Without a value: what the data directory was last run with, else the default.
  std::optional<std::string> region;
  std::optional<std::string> account_id;
  std::optional<std::string> public_cidr;
  std::optional<uint16_t> api_port;
  std::optional<AuthMode> auth;
  Users users;
  unsigned edge_workers = 0;
  int64_t log_delivery_seconds = 300;
  log::Level log_level = log::Level::info;
  std::string stack_file;  // empty: no stack
  Attachment attachment = Attachment::foreground;
};

// Returns the process's exit status. Detached: returns in the caller's process once everything is up.
int run_up(const UpOptions& options);

}  // namespace landfall::roles
