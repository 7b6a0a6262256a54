// The data directory's folders, with the owners and modes that roles/layout.h promises.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "roles/layout.h"
#include "roles/options.h"

namespace landfall::roles {

// Idempotent. Removes sockets that an earlier run left in run/. Fails if control and edge could not reach the
// directory.
Result<> prepare_data_dir(const Layout& layout, const Users& users);

// Makes the data directory itself and takes its lock; the lock is held until the descriptor (and every copy
// of it in a forked child) is closed. If somebody has it, says who.
Result<UniqueFd> lock_data_dir(const Layout& layout);

// Whether an `up` runs on it.
bool is_locked(const Layout& layout);

}  // namespace landfall::roles
