// ChildProcess: starts a program and tells, from the loop, when it has ended and what it printed.
//
// Invariants: the child is reaped exactly once, by its pidfd; on_exit comes once, after the output's end (or
// kOutputGraceMs after the exit, if a grandchild keeps the pipe open).
// Destroying a ChildProcess before that kills the child (SIGKILL) and reaps it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "runtime/event_loop.h"

namespace landfall {

inline constexpr size_t kMaxCapturedBytes = 1 << 20;  // of output; the rest is read and dropped
inline constexpr int64_t kOutputGraceMs = 200;

struct ExitStatus {
  int code = 0;    // of exit(); meaningless if signal != 0
  int signal = 0;  // that killed it
  bool ok() const { return code == 0 && signal == 0; }
  int shell_code() const { return signal != 0 ? 128 + signal : code; }
  std::string to_string() const;  // "exit status 3", "killed by signal 9"
};

// CLOEXEC is cleared in the child only for these; every other descriptor must be CLOEXEC (all of ours are).
struct InheritedFd {
  int ours = -1;
  int childs = -1;  // its number in the child
};

class ChildProcess {
 public:
  struct Options {
    std::vector<std::string> argv;  // argv[0] is looked up in PATH
    std::vector<std::string> env;   // "NAME=value"; used if replace_env
    bool replace_env = false;       // false: this process's environment
    std::string cwd;                // empty: this process's
    int stdin_fd = -1;              // -1: /dev/null. Not taken over: the caller keeps it.
    int stdout_fd = -1;             // -1: captured together with stderr
    int stderr_fd = -1;             // -1: captured
    std::vector<InheritedFd> inherited;
    uid_t uid = static_cast<uid_t>(-1);  // -1: as we are. Else setgroups({}), setgid, setuid
    gid_t gid = static_cast<gid_t>(-1);
    bool die_with_parent = true;            // PR_SET_PDEATHSIG SIGKILL
    bool new_process_group = false;         // so that the terminal's Ctrl-C does not reach it
    std::vector<int> ambient_capabilities;  // kept over the change of uid, e.g. CAP_NET_BIND_SERVICE
  };
  // `output`: what was captured.
  using OnExit = std::move_only_function<void(ExitStatus status, std::string output)>;

  static Result<std::unique_ptr<ChildProcess>> start(EventLoop& loop, Options options, OnExit on_exit);
  virtual ~ChildProcess() = default;

  virtual pid_t pid() const = 0;
  virtual void signal(int number) = 0;  // nothing if it has ended
};

// Starts, waits on a loop of its own, returns. For tools, tests and start-up; never on a serving loop.
struct FinishedProcess {
  ExitStatus status;
  std::string output;
};
Result<FinishedProcess> run_process(ChildProcess::Options options);

}  // namespace landfall
