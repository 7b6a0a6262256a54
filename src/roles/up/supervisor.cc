#include "roles/up/supervisor.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "roles/up/log_file.h"
#include "runtime/event_loop.h"

namespace landfall::roles {

namespace {

// An epoll registration as a value: removed when it goes.
class Watch final : public IoHandler {
 public:
  Watch(EventLoop& loop, int fd, std::move_only_function<void()> readable)
      : loop_(loop), fd_(fd), readable_(std::move(readable)) {
    auto added = loop_.add(fd_, EPOLLIN, this);
    LF_INVARIANT(added.has_value());
  }
  ~Watch() { loop_.remove(fd_); }
  void on_io(uint32_t) override { readable_(); }

 private:
  EventLoop& loop_;
  int fd_;
  std::move_only_function<void()> readable_;
};

std::string describe_exit(int wait_status) {
  if (WIFSIGNALED(wait_status)) return "killed by signal " + std::to_string(WTERMSIG(wait_status));
  return "exit status " + std::to_string(WEXITSTATUS(wait_status));
}

}  // namespace

class Supervisor::Role {
 public:
  Role(Supervisor& supervisor, SupervisedRole definition)
      : supervisor_(supervisor), definition_(std::move(definition)), log_(definition_.log_file) {}
  ~Role() {
    cancel_timer();
    if (process_) ::kill(process_->pid, SIGKILL);
  }

  void start() {
    timer_ = 0;
    started_ms_ = now_ms();
    auto started = start_role(definition_.command);
    if (!started) {
      log_.append("start role: " + started.error().message + "\n");
      restart_later();
      return;
    }
    state_ = "starting";
    process_ = std::move(*started);
    EventLoop& loop = supervisor_.loop_;
    output_watch_.emplace(loop, process_->output.get(), [this] { read_output(); });
    ready_watch_.emplace(loop, process_->ready.get(), [this] { read_ready(); });
    exit_watch_.emplace(loop, process_->pidfd.get(), [this] { reap(); });
  }

  void ask_to_stop(int64_t patience_ms) {
    cancel_timer();
    if (!process_) return;
    ::kill(process_->pid, SIGTERM);
    timer_ = supervisor_.loop_.after_ms(patience_ms, [this] {
      timer_ = 0;
      log::warn("{} does not stop: killing it", definition_.name);
      ::kill(process_->pid, SIGKILL);
    });
  }

  void restart_later() {
    if (now_ms() - started_ms_ >= kSoundLifeMs) delay_ms_ = kFirstRestartMs;
    state_ = "waiting";
    timer_ = supervisor_.loop_.after_ms(delay_ms_, [this] { start(); });
    delay_ms_ = std::min(delay_ms_ * 2, kLongestRestartMs);
    ++restarts_;
  }

  void mark_stopped() { state_ = "stopped"; }
  bool running() const { return process_.has_value(); }
  bool ready() const { return state_ == "ready"; }
  bool ever_ready() const { return ever_ready_; }
  unsigned restarts() const { return restarts_; }
  const std::string& name() const { return definition_.name; }
  const std::string& last_exit() const { return last_exit_; }

  std::string last_words() const {
    std::string words;
    for (const std::string& line : log_.last_lines()) words += line + "\n";
    return words;
  }

  RoleStatus status() const {
    return {definition_.name, state_, process_ ? process_->pid : 0, restarts_, started_wall_ms(), last_exit_};
  }

 private:
  int64_t now_ms() const { return supervisor_.loop_.clock().monotonic_ns() / 1'000'000; }
  int64_t started_wall_ms() const {
    return supervisor_.loop_.clock().now().unix_ms - (now_ms() - started_ms_);
  }

  void cancel_timer() {
    supervisor_.loop_.cancel(timer_);
    timer_ = 0;
  }

  void read_output() {
    char buffer[16 * 1024];
    for (;;) {
      const ssize_t count = ::read(process_->output.get(), buffer, sizeof buffer);
      if (count > 0) {
        log_.append({buffer, static_cast<size_t>(count)});
        continue;
      }
      if (count == 0) output_watch_.reset();  // a child of the role may hold it open no longer
      return;
    }
  }

  void read_ready() {
    char line[16];
    const ssize_t count = ::read(process_->ready.get(), line, sizeof line);
    if (count < 0 && errno == EAGAIN) return;
    ready_watch_.reset();
    if (count <= 0) return;  // it ended, or closed it: its exit is what counts
    state_ = "ready";
    ever_ready_ = true;
    log::info("{} is ready (pid {})", definition_.name, process_->pid);
    supervisor_.on_ready();
  }

  void reap() {
    int wait_status = 0;
    if (::waitpid(process_->pid, &wait_status, WNOHANG) != process_->pid) return;
    last_exit_ = describe_exit(wait_status);
    if (output_watch_) read_output();
    exit_watch_.reset();
    ready_watch_.reset();
    output_watch_.reset();
    process_.reset();
    cancel_timer();
    supervisor_.on_exit(*this);
  }

  Supervisor& supervisor_;
  SupervisedRole definition_;
  LogFile log_;
  std::string state_ = "waiting";
  std::optional<RoleProcess> process_;  // while it runs
  std::optional<Watch> output_watch_, ready_watch_, exit_watch_;
  TimerId timer_ = 0;  // to the next start, or to SIGKILL
  int64_t delay_ms_ = kFirstRestartMs;
  int64_t started_ms_ = 0;  // monotonic
  unsigned restarts_ = 0;
  bool ever_ready_ = false;
  std::string last_exit_;
};

Supervisor::Supervisor(EventLoop& loop, std::vector<SupervisedRole> roles, SupervisorEvents events)
    : loop_(loop), events_(std::move(events)) {
  for (SupervisedRole& role : roles) roles_.push_back(std::make_unique<Role>(*this, std::move(role)));
}

Supervisor::~Supervisor() = default;

void Supervisor::start() {
  // host first: the others connect to it. None waits for another: each role copes with an absent peer.
  for (auto role = roles_.rbegin(); role != roles_.rend(); ++role) (*role)->start();
}

void Supervisor::stop() {
  if (phase_ != Phase::running) return;
  phase_ = Phase::stopping_traffic;
  for (size_t i = 0; i + 1 < roles_.size(); ++i) roles_[i]->ask_to_stop(kTrafficPatienceMs);
  advance_stop();
}

bool Supervisor::all_ready() const {
  return std::all_of(roles_.begin(), roles_.end(), [](const auto& role) { return role->ready(); });
}

std::vector<RoleStatus> Supervisor::status() const {
  std::vector<RoleStatus> result;
  for (const auto& role : roles_) result.push_back(role->status());
  return result;
}

void Supervisor::on_ready() {
  if (told_ready_ || phase_ != Phase::running || !all_ready()) return;
  told_ready_ = true;
  events_.all_ready();
}

void Supervisor::on_exit(Role& role) {
  if (phase_ != Phase::running) {
    role.mark_stopped();
    // reap() is still on the stack above us: what follows may destroy the role.
    loop_.post([this] { advance_stop(); });
    return;
  }
  log::warn("{} ended: {}; starting it again", role.name(), role.last_exit());
  role.restart_later();
  if (!role.ever_ready() && role.restarts() == kStartAttempts)
    events_.cannot_start(role.name(), role.last_words());
}

void Supervisor::advance_stop() {
  if (phase_ == Phase::stopping_traffic) {
    for (size_t i = 0; i + 1 < roles_.size(); ++i)
      if (roles_[i]->running()) return;
    phase_ = Phase::stopping_host;
    roles_.back()->ask_to_stop(kHostPatienceMs);
  }
  if (phase_ == Phase::stopping_host && !roles_.back()->running()) {
    phase_ = Phase::stopped;
    events_.stopped();
  }
}

}  // namespace landfall::roles
