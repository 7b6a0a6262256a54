#include "agent/application.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/log.h"
#include "base/unique_fd.h"
#include "runtime/child_process.h"

namespace landfall::agent {
namespace {

void write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t written = write(fd, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // a full disk or a console that is gone must not stop the application
    data.remove_prefix(static_cast<size_t>(written));
  }
}

class RunningApplication final : public Application, private IoHandler {
 public:
  RunningApplication(EventLoop& loop, ApplicationOptions options)
      : loop_(loop), options_(std::move(options)) {
    open_log();
    launch();
  }
  ~RunningApplication() {
    loop_.cancel(timer_);
    close_output();
  }
  int starts() const override { return starts_; }
  void terminate() override {
    ending_ = true;
    loop_.cancel(timer_);
    if (child_) child_->signal(SIGTERM);
  }

 private:
  void open_log() {
    log_ = UniqueFd(open(options_.log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!log_) log::error("open {}: errno {}", options_.log_path, errno);
    struct stat facts{};
    logged_ = log_ && fstat(log_.get(), &facts) == 0 ? facts.st_size : 0;
  }

  void launch() {
    ++starts_;
    started_ns_ = loop_.clock().monotonic_ns();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return later("pipe: errno " + std::to_string(errno));
    UniqueFd read_end(ends[0]), write_end(ends[1]);
    fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
    ChildProcess::Options child;
    child.argv = {"/bin/sh", "-c", options_.command};
    child.replace_env = true;
    for (const auto& [name, value] : options_.environment) child.env.push_back(name + "=" + value);
    child.cwd = options_.folder;
    child.stdout_fd = child.stderr_fd = write_end.get();
    child.uid = child.gid = options_.uid;
    child.new_process_group = true;
    close_output();
    auto started = ChildProcess::start(loop_, std::move(child),
                                       [this](ExitStatus status, const std::string&) { ended(status); });
    if (!started) return later(started.error().message);
    child_ = std::move(*started);
    output_ = std::move(read_end);
    if (auto added = loop_.add(output_.get(), EPOLLIN, this); !added)
      log::error("the application's output: {}", added.error().message);
    log::info("web process {} started: {}", child_->pid(), options_.command);
  }

  void ended(ExitStatus status) {
    drain();
    later("web process: " + status.to_string());
  }

  void later(const std::string& why) {
    if (ending_) return;
    const int64_t ran_ms = (loop_.clock().monotonic_ns() - started_ns_) / 1'000'000;
    pause_ms_ = ran_ms >= kSteadyMs ? kFirstRestartMs
                                    : std::min(kMaxRestartMs, std::max(kFirstRestartMs, pause_ms_ * 2));
    log::warn("{}; starting it again in {} ms", why, pause_ms_);
    timer_ = loop_.after_ms(pause_ms_, [this] { launch(); });
  }

  void on_io(uint32_t) override { drain(); }

  void drain() {
    char buffer[16384];
    while (output_) {
      const ssize_t count = read(output_.get(), buffer, sizeof buffer);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return;  // EAGAIN
      if (count == 0) return close_output();
      keep({buffer, static_cast<size_t>(count)});
    }
  }

  void keep(std::string_view data) {
    write_all(STDOUT_FILENO, data);
    if (!log_) return;
    logged_ += static_cast<int64_t>(data.size());
    if (logged_ > kMaxLogBytes && rename(options_.log_path.c_str(), (options_.log_path + ".1").c_str()) == 0)
      open_log();
    if (log_) write_all(log_.get(), data);
  }

  void close_output() {
    if (output_) loop_.remove(output_.get());
    output_.reset();
  }

  EventLoop& loop_;
  ApplicationOptions options_;
  std::unique_ptr<ChildProcess> child_;
  UniqueFd output_, log_;
  int64_t logged_ = 0, started_ns_ = 0, pause_ms_ = 0;
  int starts_ = 0;
  bool ending_ = false;
  TimerId timer_ = 0;
};

}  // namespace

std::unique_ptr<Application> Application::start(EventLoop& loop, ApplicationOptions options) {
  return std::make_unique<RunningApplication>(loop, std::move(options));
}

}  // namespace landfall::agent
