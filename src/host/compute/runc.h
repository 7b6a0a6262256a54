// Runc: the container runtime's commands, each a process awaited on the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "runtime/child_process.h"

namespace landfall::host {

class Runc {
 public:
  using OnDone = std::move_only_function<void(Result<>)>;

  // `state_directory`: runc's own, for this Landfall's containers alone.
  Runc(EventLoop& loop, std::string state_directory)
      : loop_(loop), state_directory_(std::move(state_directory)) {}

  struct Start {
    std::string id;
    std::string bundle;    // directory with config.json
    std::string pid_file;  // gets pid 1's number
    int console_fd = -1;   // pid 1's standard output and error
  };
  // Done: pid 1 runs (the container is detached: it outlives runc and us). The handle must be kept until
  // then.
  Result<std::unique_ptr<ChildProcess>> start(const Start& options, OnDone on_done) const;

  // Kills what is left, and forgets the container and its cgroup. Of one that is not there: no error.
  Result<std::unique_ptr<ChildProcess>> remove(const std::string& id, OnDone on_done) const;

  // The options for `runc exec` of the process described in `process_file`; the caller adds descriptors.
  ChildProcess::Options exec(const std::string& id, const std::string& process_file) const;

 private:
  EventLoop& loop_;
  std::string state_directory_;
};

}  // namespace landfall::host
