// The system calls that workloads may not make, as runc's configuration wants it. What is not listed is
// allowed: a workload is meant to feel like a machine. Listed is what reaches beyond namespaces: the kernel's
// modules, its clock, its keys, other processes' memory across users, new user namespaces (from where most
// local root exploits of recent years started), BPF, and facilities with a bad record that no server needs.
#pragma once

#include <boost/json/fwd.hpp>

namespace landfall::host {

boost::json::object seccomp_profile();

}  // namespace landfall::host
