// ExecSession: one command run inside a running workload for an operator (`landfall exec`), by `runc exec`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "host/compute/runc.h"
#include "host/protocol.h"

namespace landfall::host {

class ExecSession {
 public:
  struct Events {
    std::move_only_function<void(UniqueFd master)> started;  // tty: the terminal's master; else none
    std::move_only_function<void(Result<int> exit_code)> ended;
  };
  virtual ~ExecSession() = default;  // kills the command if it still runs

  // `directory`: for short-lived files. `descriptors`: three without a tty, none with one.
  static Result<std::unique_ptr<ExecSession>> start(EventLoop& loop, const Runc& runc,
                                                    const std::string& directory, const Exec& request,
                                                    std::vector<UniqueFd> descriptors, Events events);
};

}  // namespace landfall::host
