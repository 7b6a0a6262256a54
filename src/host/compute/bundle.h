// The runc configuration (OCI runtime spec 1.0 config.json) of a workload. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/secret.h"
#include "host/protocol.h"

namespace landfall::host {

inline constexpr int64_t kDefaultPidsLimit = 4096;
inline constexpr int64_t kCpuPeriodUs = 100'000;  // runc's and the kernel's usual period
inline constexpr const char* kBinaryInside = "/opt/landfall/landfall";

struct BundleOptions {
  const Workload& workload;
  std::string hostname;
  std::string rootfs;            // where the overlay is mounted
  std::string netns_path;        // of its interface
  std::string cgroup_path;       // "/landfall-xxxx/i-..."
  std::string volumes;           // directory of the volumes
  std::string userns_path = {};  // joined if id_base is not 0; it owns the interface's network namespace
  uint32_t id_base = 0;          // 0: the machine's ids; else a user namespace shifted by it (id_map.h)
  std::string binary;            // this program, to be seen at kBinaryInside
};

std::span<const char* const> instance_capabilities();

// Secret: the environment may carry secrets, so write it where only root reads.
Secret bundle_config(const BundleOptions& options);

}  // namespace landfall::host
