// The host role: composition root of `landfall host`.
#pragma once

#include "roles/options.h"

namespace landfall::roles {

// Runs until SIGTERM. Returns the process's exit status.
int run_host(const HostOptions& options);

}  // namespace landfall::roles
