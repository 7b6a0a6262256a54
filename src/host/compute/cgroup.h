// Control groups of workloads, on cgroup v1, v2 and hybrid machines: counters, and ending everything inside.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "host/protocol.h"

namespace landfall::host {

class Cgroups {
 public:
  // `group` is this Landfall's own parent group, "/landfall-0123abcd".
  static Result<Cgroups> create(std::string group);

  const std::string& group() const { return group_; }
  std::string path_of(const std::string& workload_id) const { return group_ + "/" + workload_id; }

  // cpu_ns and memory_bytes of the processes in it; zeros if there is no such group (any more).
  void read_usage(const std::string& workload_id, WorkloadUsage& usage) const;
  // SIGKILL to every process in it. Returns how many there were.
  size_t kill_all(const std::string& workload_id) const;
  // Empty ones only; in use: Error EBUSY.
  Result<> remove(const std::string& workload_id) const;
  Result<> remove_group() const;
  // The workloads that have a group.
  std::vector<std::string> list() const;

 private:
  explicit Cgroups(std::string group) : group_(std::move(group)) {}
  std::string group_;
  std::vector<std::string> hierarchies_;  // mount points: one on v2, one a controller on v1, both on hybrid
  std::string cpu_, memory_;              // mount points of the v1 controllers; empty: unified_
  std::string unified_;
};

}  // namespace landfall::host
