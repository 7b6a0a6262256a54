// The edge role: composition root of `landfall edge`.
#pragma once

#include "roles/options.h"

namespace landfall::roles {

// Runs until SIGTERM. Returns the process's exit status.
int run_edge(const EdgeOptions& options);

}  // namespace landfall::roles
