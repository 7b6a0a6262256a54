// Supervisor: keeps the three roles running, and ends them in the right order.
//
// A role:   waiting --start--> starting --"ready"--> ready --ends--> waiting (restart timer) --> ...
// All:      running --stop()--> stopping_traffic (control, edge: SIGTERM) --> stopping_host (SIGTERM) -->
// stopped
//
// Threads: one, the loop's. Time only in timers: restart backoff, and the patience with a role that will not
// end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "roles/up/role_process.h"

namespace landfall {
class EventLoop;
}

namespace landfall::roles {

struct SupervisedRole {
  std::string name;
  RoleCommand command;
  std::string log_file;
};

struct RoleStatus {
  std::string name;
  std::string state;  // "starting", "ready", "waiting", "stopped"
  int pid = 0;        // 0: no process
  unsigned restarts = 0;
  int64_t since_unix_ms = 0;  // when the process was started
  std::string last_exit;      // "" or "killed by signal 9", "exit status 1"
};

struct SupervisorEvents {
  std::function<void()> all_ready;  // once: the first time that every role is ready
  // A role ended kStartAttempts times before it was ever ready: what it said last.
  std::function<void(const std::string& role, const std::string& last_words)> cannot_start;
  std::function<void()> stopped;  // every role has ended after stop()
};

class Supervisor {
 public:
  static constexpr int64_t kFirstRestartMs = 5;
  static constexpr int64_t kLongestRestartMs = 5'000;
  static constexpr int64_t kSoundLifeMs = 10'000;  // after which the backoff begins anew
  static constexpr unsigned kStartAttempts = 4;
  static constexpr int64_t kTrafficPatienceMs = 10'000;  // then SIGKILL
  static constexpr int64_t kHostPatienceMs = 60'000;

  // The last of `roles` is the one to stop last (host).
  Supervisor(EventLoop& loop, std::vector<SupervisedRole> roles, SupervisorEvents events);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;

  void start();
  void stop();
  bool all_ready() const;
  std::vector<RoleStatus> status() const;

 private:
  class Role;
  enum class Phase { running, stopping_traffic, stopping_host, stopped };

  void on_ready();
  void on_exit(Role& role);
  void advance_stop();

  EventLoop& loop_;
  std::vector<std::unique_ptr<Role>> roles_;
  SupervisorEvents events_;
  Phase phase_ = Phase::running;
  bool told_ready_ = false;
};

}  // namespace landfall::roles
