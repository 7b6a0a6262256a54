// Runner: runs CloudFront Functions in a process of their own, one run at a time, and waits for none of them.
//
//   no process ──run()──▶ starting ──▶ loading ──▶ running ──▶ waiting ──kIdleMs──▶ no process
//                  ▲                      └── ended, or no answer in time: killed ──┘
//
// Invariants: at most one request is on its way to the process, so that whoever is on its way when the
// process ends or is silent is to blame; those who wait get a new process. `done` comes exactly once, never
// inside run(), unless the Runner goes first. The process is believed nothing but its answer's bytes.
// Threads: the loop's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "javascript/protocol.h"
#include "runtime/event_loop.h"

namespace landfall::javascript {

struct Function {
  std::string version;  // the same for the same code only
  std::string code;
};

struct RunnerOptions {
  int64_t patience_ms = 1000;  // for one answer; a run itself is bounded by its CPU time (sandbox/engine.h)
  int64_t start_ms = 10'000;   // for a new process's first answer
  int64_t idle_ms = 60'000;    // without a run, after which the process ends
  size_t waiting = 1000;       // runs; further ones are not taken
  size_t functions = 500;      // kept compiled; with more the process begins anew
  int64_t after_death_ms = 1000;  // before a process that never answered is tried again
};

class Runner {
 public:
  using Done = std::move_only_function<void(Ran)>;

  static std::unique_ptr<Runner> create(EventLoop& loop, RunnerOptions options = {});
  virtual ~Runner() = default;
  // End::out_of_time also when too many wait.
  virtual void run(std::shared_ptr<const Function> function, std::string event, Done done) = 0;
  virtual pid_t pid() const = 0;  // of the process; 0: there is none
};

}  // namespace landfall::javascript
