// The control role: composition root of `landfall control`.
#pragma once

#include "roles/options.h"

namespace landfall::roles {

// Runs until SIGTERM. Returns the process's exit status.
int run_control(const ControlOptions& options);

}  // namespace landfall::roles
