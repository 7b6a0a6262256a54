#include "host/compute/cgroup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace landfall::host {

namespace {

namespace fs = std::filesystem;

int64_t read_number(const std::string& path) {
  std::ifstream file(path);
  int64_t value = 0;
  file >> value;
  return file ? value : 0;
}

// "usage_usec 123" of a file with lines "key value".
int64_t read_keyed(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  std::string word;
  int64_t value = 0;
  while (file >> word >> value)
    if (word == key) return value;
  return 0;
}

bool has_option(const std::string& options, const std::string& name) {
  return ("," + options + ",").find("," + name + ",") != std::string::npos;
}

// The group and those below it, deepest first.
std::vector<std::string> with_descendants(const std::string& path) {
  std::vector<std::string> out;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(path, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error))
    if (it->is_directory(error)) out.push_back(it->path());
  std::ranges::reverse(out);
  out.push_back(path);
  return out;
}

}  // namespace

Result<Cgroups> Cgroups::create(std::string group) {
  Cgroups made(std::move(group));
  std::ifstream mounts("/proc/self/mounts");
  std::string line;
  while (std::getline(mounts, line)) {
    std::istringstream words(line);
    std::string source, target, type, options;
    words >> source >> target >> type >> options;
    if (type != "cgroup" && type != "cgroup2") continue;
    made.hierarchies_.push_back(target);
    if (type == "cgroup2") made.unified_ = target;
    if (type == "cgroup" && has_option(options, "cpuacct")) made.cpu_ = target;
    if (type == "cgroup" && has_option(options, "memory")) made.memory_ = target;
  }
  if (made.hierarchies_.empty())
    return fail("no cgroup hierarchy is mounted: limits and counters are impossible");
  return made;
}

void Cgroups::read_usage(const std::string& workload_id, WorkloadUsage& usage) const {
  const std::string path = path_of(workload_id);
  usage.cpu_ns = cpu_.empty() ? read_keyed(unified_ + path + "/cpu.stat", "usage_usec") * 1000
                              : read_number(cpu_ + path + "/cpuacct.usage");
  usage.memory_bytes = memory_.empty() ? read_number(unified_ + path + "/memory.current")
                                       : read_number(memory_ + path + "/memory.usage_in_bytes");
}

size_t Cgroups::kill_all(const std::string& workload_id) const {
  std::set<pid_t> pids;
  for (const std::string& hierarchy : hierarchies_) {
    const std::string path = hierarchy + path_of(workload_id);
    if (!fs::exists(path)) continue;
    for (const std::string& directory : with_descendants(path)) {
      std::ifstream procs(directory + "/cgroup.procs");
      pid_t pid;
      while (procs >> pid) pids.insert(pid);
    }
  }
  // A group is ours by its path, and nothing but its workload is ever put in it: its members are safe to
  // kill.
  for (pid_t pid : pids) kill(pid, SIGKILL);
  return pids.size();
}

Result<> Cgroups::remove(const std::string& workload_id) const {
  for (const std::string& hierarchy : hierarchies_) {
    const std::string path = hierarchy + path_of(workload_id);
    if (!fs::exists(path)) continue;
    for (const std::string& directory : with_descendants(path))
      if (rmdir(directory.c_str()) != 0 && errno != ENOENT) return fail_errno("rmdir " + directory);
  }
  return {};
}

Result<> Cgroups::remove_group() const {
  for (const std::string& hierarchy : hierarchies_)
    if (rmdir((hierarchy + group_).c_str()) != 0 && errno != ENOENT)
      return fail_errno("rmdir " + hierarchy + group_);
  return {};
}

std::vector<std::string> Cgroups::list() const {
  std::set<std::string> out;
  for (const std::string& hierarchy : hierarchies_) {
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(hierarchy + group_, missing))
      if (std::error_code error; entry.is_directory(error)) out.insert(entry.path().filename());
  }
  return {out.begin(), out.end()};
}

}  // namespace landfall::host
