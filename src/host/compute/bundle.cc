#include "host/compute/bundle.h"

#include <algorithm>
#include <boost/json.hpp>

#include "host/compute/id_map.h"
#include "host/compute/seccomp.h"

namespace landfall::host {

namespace {

namespace json = boost::json;

// What root of an instance may do: manage its own files, users and processes, low ports, ping and packet
// capture in its own network (where a spoofed source is dropped at the router). Not: mounts, modules,
// devices, the network's configuration.
constexpr const char* kInstanceCapabilities[] = {
    "CAP_CHOWN",   "CAP_DAC_OVERRIDE", "CAP_FOWNER",      "CAP_FSETID",  "CAP_KILL",
    "CAP_SETGID",  "CAP_SETUID",       "CAP_SETPCAP",     "CAP_SETFCAP", "CAP_NET_BIND_SERVICE",
    "CAP_NET_RAW", "CAP_SYS_CHROOT",   "CAP_AUDIT_WRITE",
};

bool is_instance(const Workload& workload) { return workload.kind == "instance"; }

json::object capabilities(const Workload& workload) {
  json::array names;
  if (is_instance(workload))
    for (const char* name : instance_capabilities()) names.emplace_back(name);
  // Not inheritable or ambient: a program that changes to another user loses them.
  return {{"bounding", names}, {"effective", names}, {"permitted", names}};
}

json::array environment(const Workload& workload) {
  std::map<std::string, std::string> merged = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"HOME", "/root"},
      {"LANG", "C.UTF-8"}};
  if (workload.uid != 0) merged["HOME"] = "/";
  for (const auto& [name, value] : workload.env) merged[name] = value.reveal();
  json::array out;
  for (const auto& [name, value] : merged) out.emplace_back(name + "=" + value);
  return out;
}

json::array arguments(const Workload& workload) {
  if (is_instance(workload)) return {kBinaryInside, "instance-init"};
  return json::array(workload.argv.begin(), workload.argv.end());
}

json::object process(const Workload& workload) {
  return {{"terminal", false},
          {"user", {{"uid", workload.uid}, {"gid", workload.gid}}},
          {"args", arguments(workload)},
          {"env", environment(workload)},
          {"cwd", "/"},
          {"capabilities", capabilities(workload)},
          // Root of an instance may use sudo and su; an engine has nothing to gain by set-uid programs.
          {"noNewPrivileges", !is_instance(workload)}};
}

json::object mount(const char* target, const char* type, const char* source, json::array options) {
  return {{"destination", target}, {"type", type}, {"source", source}, {"options", std::move(options)}};
}

json::object bind_mount(const std::string& source, const std::string& target, bool read_only) {
  json::array options = {"bind", "nosuid", "nodev", read_only ? "ro" : "rw"};
  return {{"destination", target}, {"type", "bind"}, {"source", source}, {"options", std::move(options)}};
}

json::array mounts(const BundleOptions& options) {
  json::array out = {
      mount("/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}),
      mount("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}),
      mount("/dev/pts", "devpts", "devpts",
            {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}),
      mount("/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=25%"}),
      mount("/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}),
      mount("/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}),
      mount("/run", "tmpfs", "tmpfs", {"nosuid", "nodev", "mode=755", "size=64m"}),
      bind_mount(options.binary, kBinaryInside, true),
  };
  for (const WorkloadMount& volume : options.workload.mounts)
    out.push_back(bind_mount(options.volumes + "/" + volume.source, volume.target, volume.read_only));
  return out;
}

json::object resources(const Workload& workload) {
  json::object out{{"devices", {json::object{{"allow", false}, {"access", "rwm"}}}},
                   {"pids", {{"limit", workload.pids_limit > 0 ? workload.pids_limit : kDefaultPidsLimit}}}};
  if (workload.memory_bytes > 0) out["memory"] = {{"limit", workload.memory_bytes}};
  if (workload.cpu_millis > 0)
    out["cpu"] = {{"quota", workload.cpu_millis * kCpuPeriodUs / 1000}, {"period", kCpuPeriodUs}};
  return out;
}

json::array id_mapping(uint32_t base) {
  return {json::object{{"containerID", 0}, {"hostID", base}, {"size", kIdCount}}};
}

json::object linux_part(const BundleOptions& options) {
  json::array namespaces;
  for (const char* type : {"pid", "mount", "ipc", "uts", "cgroup"})
    namespaces.push_back(json::object{{"type", type}});
  namespaces.push_back(json::object{{"type", "network"}, {"path", options.netns_path}});
  if (options.id_base != 0)
    namespaces.push_back(json::object{{"type", "user"}, {"path", options.userns_path}});
  json::object out{
      {"cgroupsPath", options.cgroup_path},
      {"resources", resources(options.workload)},
      {"namespaces", std::move(namespaces)},
      {"seccomp", seccomp_profile()},
      {"maskedPaths",
       {"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/fs/cgroup",
        "/sys/kernel/security", "/sys/kernel/debug", "/sys/devices/virtual/powercap"}},
      {"readonlyPaths", {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}}};
  if (options.id_base == 0) return out;
  out["uidMappings"] = out["gidMappings"] = id_mapping(options.id_base);
  return out;
}

}  // namespace

std::span<const char* const> instance_capabilities() { return kInstanceCapabilities; }

Secret bundle_config(const BundleOptions& options) {
  const json::object config{{"ociVersion", "1.0.2"},
                            {"process", process(options.workload)},
                            {"root", {{"path", options.rootfs}, {"readonly", false}}},
                            {"hostname", options.hostname},
                            {"mounts", mounts(options)},
                            {"linux", linux_part(options)}};
  return Secret(json::serialize(config));
}

}  // namespace landfall::host
