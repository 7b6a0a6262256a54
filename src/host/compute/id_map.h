// IdMap: users of workloads are nobody on the machine. Inside, ids are 0 to 65535; outside they are `base`
// higher, numbers that no account has. Root of an instance that broke out of everything else would own
// nothing there.
//
// The machine's `/`, which lies below every workload's root, is owned by the machine's ids: a second mount of
// it, with the ids shifted on the way through (mount_setattr(2), MOUNT_ATTR_IDMAP), is what the overlays use.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::host {

inline constexpr uint32_t kIdCount = 65536;
// Above systemd's container range (524288 to 1879048191), below 2^31.
inline constexpr uint32_t kIdBase = 1'900'000'000;

// A namespace comes to be through a process: a child makes those of `flags` (CLONE_NEWUSER among them), with
// ids shifted by `base`; `use` gets the directory of its namespace files (/proc/PID/ns), to open or mount
// them; then the child ends.
Result<> with_shifted_namespaces(int flags, uint32_t base,
                                 const std::function<Result<>(const std::string& directory)>& use);

// Mounts `/`, read-only and shifted to `base`, on the directory `path`. Already mounted: fine. Error where
// the root's file system cannot shift ids (some network and stacked file systems): workloads then keep the
// machine's ids.
Result<> mount_shifted_root(const std::string& path, uint32_t base);

}  // namespace landfall::host
