#include "host/compute/seccomp.h"

#include <sched.h>
#include <sys/socket.h>

#include <boost/json.hpp>
#include <cerrno>

namespace landfall::host {

namespace {

namespace json = boost::json;

constexpr const char* kRefused[] = {
    // modules, kexec, boot
    "create_module",
    "delete_module",
    "finit_module",
    "init_module",
    "query_module",
    "get_kernel_syms",
    "kexec_file_load",
    "kexec_load",
    "reboot",
    // mounts: capabilities forbid them too; this holds if those should not
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "move_mount",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "open_tree",
    "mount_setattr",
    "swapon",
    "swapoff",
    "quotactl",
    "quotactl_fd",
    // other namespaces
    "setns",
    "unshare",
    // handles reach files outside the root
    "open_by_handle_at",
    "name_to_handle_at",
    // kernel keyrings are not namespaced
    "add_key",
    "keyctl",
    "request_key",
    // programs in the kernel, tracing, page fault tricks
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "lookup_dcookie",
    "fanotify_init",
    // io_uring bypasses this very filter for its operations
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    // clock, ports, accounting, obsolete
    "settimeofday",
    "stime",
    "clock_settime",
    "clock_settime64",
    "clock_adjtime",
    "clock_adjtime64",
    "adjtimex",
    "iopl",
    "ioperm",
    "acct",
    "syslog",
    "vhangup",
    "nfsservctl",
    "_sysctl",
    "sysfs",
    "uselib",
    "ustat",
    "vm86",
    "vm86old",
    "modify_ldt",
    "process_vm_writev",
    "process_vm_readv",
    "kcmp",
};

json::object refuse(json::array names, int error, json::array arguments = {}) {
  json::object rule{{"names", std::move(names)}, {"action", "SCMP_ACT_ERRNO"}, {"errnoRet", error}};
  if (!arguments.empty()) rule["args"] = std::move(arguments);
  return rule;
}

json::array masked_flag(unsigned index, uint64_t flag) {
  return {json::object{{"index", index}, {"value", flag}, {"valueTwo", flag}, {"op", "SCMP_CMP_MASKED_EQ"}}};
}

json::array equals(unsigned index, uint64_t value) {
  return {json::object{{"index", index}, {"value", value}, {"op", "SCMP_CMP_EQ"}}};
}

}  // namespace

json::object seccomp_profile() {
  json::array rules;
  json::array refused;
  for (const char* name : kRefused) refused.emplace_back(name);
  rules.push_back(refuse(std::move(refused), EPERM));
  for (uint64_t flag :
       {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWPID, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP})
    rules.push_back(refuse({"clone"}, EPERM, masked_flag(0, flag)));
  // Its flags are in memory, where a filter cannot look: libc falls back to clone.
  rules.push_back(refuse({"clone3"}, ENOSYS));
  // The kernel's crypto and the hypervisor's sockets: nothing a server needs.
  for (uint64_t family : {uint64_t{AF_ALG}, uint64_t{AF_VSOCK}})
    rules.push_back(refuse({"socket"}, EAFNOSUPPORT, equals(0, family)));
  return {{"defaultAction", "SCMP_ACT_ALLOW"},
          {"architectures", {"SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"}},
          {"syscalls", std::move(rules)}};
}

}  // namespace landfall::host
