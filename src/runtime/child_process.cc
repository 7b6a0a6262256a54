#include "runtime/child_process.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>

namespace landfall {

namespace {

constexpr int kFirstSafeFd =
    64;  // inherited descriptors are first moved from here on, so that no target is overwritten

// Everything the child needs, made before fork: between fork and exec only async-signal-safe calls are
// allowed.
struct Prepared {
  std::vector<char*> argv, env;
  const char* cwd = nullptr;
  int stdin_fd, stdout_fd, stderr_fd, error_fd;
  std::vector<InheritedFd> inherited;
  uid_t uid;
  gid_t gid;
  pid_t parent;
  bool die_with_parent, new_process_group, replace_env;
  const std::vector<int>* ambient;
};

[[noreturn]] void child_failed(int error_fd, const char* step) {
  char report[96];
  const int error = errno;
  std::memcpy(report, &error, sizeof error);
  const size_t length = std::min(std::strlen(step), sizeof report - sizeof error);
  std::memcpy(report + sizeof error, step, length);
  [[maybe_unused]] ssize_t n = write(error_fd, report, sizeof error + length);
  _exit(127);
}

int add_inheritable(const std::vector<int>& capabilities) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) return -1;
  data[0].effective = data[1].effective = 0;
  uint32_t kept[2] = {0, 0};
  for (int capability : capabilities) kept[capability / 32] |= 1u << (capability % 32);
  for (int i = 0; i < 2; ++i) data[i].permitted = data[i].effective = data[i].inheritable = kept[i];
  if (syscall(SYS_capset, &header, data) != 0) return -1;
  for (int capability : capabilities)
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0) return -1;
  return 0;
}

void change_user(const Prepared& p) {
  if (p.uid == static_cast<uid_t>(-1)) return;
  if (!p.ambient->empty() && prctl(PR_SET_KEEPCAPS, 1) != 0) child_failed(p.error_fd, "keepcaps");
  const gid_t gid = p.gid == static_cast<gid_t>(-1) ? p.uid : p.gid;
  if (setgroups(0, nullptr) != 0) child_failed(p.error_fd, "setgroups");
  if (setresgid(gid, gid, gid) != 0) child_failed(p.error_fd, "setgid");
  if (setresuid(p.uid, p.uid, p.uid) != 0) child_failed(p.error_fd, "setuid");
  if (!p.ambient->empty() && add_inheritable(*p.ambient) != 0)
    child_failed(p.error_fd, "ambient capabilities");
}

// Moves each wanted descriptor to its number; safe in any order, because the sources are first lifted out of
// the way.
void place_descriptors(Prepared& p) {
  std::vector<InheritedFd>& all = p.inherited;  // has room for the three standard ones: no allocation here
  for (InheritedFd& fd : all) {
    const int lifted = fcntl(fd.ours, F_DUPFD_CLOEXEC, kFirstSafeFd);
    if (lifted < 0) child_failed(p.error_fd, "dup");
    fd.ours = lifted;
  }
  const int error_fd = fcntl(p.error_fd, F_DUPFD_CLOEXEC, kFirstSafeFd);
  if (error_fd < 0) child_failed(p.error_fd, "dup");
  p.error_fd = error_fd;
  for (const InheritedFd& fd : all)
    if (dup2(fd.ours, fd.childs) < 0) child_failed(p.error_fd, "dup2");
}

[[noreturn]] void run_child(Prepared& p) {
  sigset_t none;
  sigemptyset(&none);
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (p.new_process_group) setpgid(0, 0);
  place_descriptors(p);
  change_user(p);
  if (p.die_with_parent) {  // after the change of uid, which clears it
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != p.parent) _exit(127);
  }
  if (p.cwd != nullptr && chdir(p.cwd) != 0) child_failed(p.error_fd, "chdir");
  if (p.replace_env) environ = p.env.data();
  execvp(p.argv[0], p.argv.data());
  child_failed(p.error_fd, "exec");
}

int waitid_pidfd(int pidfd, siginfo_t* info, int flags) {
  int result;
  do {
    result = waitid(P_PIDFD, static_cast<id_t>(pidfd), info, flags);
  } while (result != 0 && errno == EINTR);
  return result;
}

ExitStatus to_exit_status(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return {.code = info.si_status};
  return {.signal = info.si_status};
}

class ChildProcessImpl final : public ChildProcess {
 public:
  ChildProcessImpl(EventLoop& loop, pid_t pid, UniqueFd pidfd, UniqueFd output, OnExit on_exit)
      : loop_(loop),
        pid_(pid),
        pidfd_(std::move(pidfd)),
        output_(std::move(output)),
        on_exit_(std::move(on_exit)) {
    exit_handler_.owner = this;
    output_handler_.owner = this;
  }

  ~ChildProcessImpl() override {
    loop_.cancel(grace_);
    if (output_) loop_.remove(output_.get());
    if (!pidfd_) return;
    loop_.remove(pidfd_.get());
    if (status_) return;
    signal(SIGKILL);
    siginfo_t info;
    waitid_pidfd(pidfd_.get(), &info, WEXITED);
  }

  Result<> watch() {
    LF_CHECK(loop_.add(pidfd_.get(), EPOLLIN, &exit_handler_));
    if (output_) LF_CHECK(loop_.add(output_.get(), EPOLLIN, &output_handler_));
    return {};
  }

  pid_t pid() const override { return pid_; }

  void signal(int number) override {
    if (!status_) syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
  }

 private:
  struct ExitHandler final : IoHandler {
    ChildProcessImpl* owner;
    void on_io(uint32_t) override { owner->exited(); }
  };
  struct OutputHandler final : IoHandler {
    ChildProcessImpl* owner;
    void on_io(uint32_t) override { owner->read_output(); }
  };

  void exited() {
    siginfo_t info{};
    if (waitid_pidfd(pidfd_.get(), &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0) return;
    status_ = to_exit_status(info);
    loop_.remove(pidfd_.get());
    if (!output_) return finish();
    grace_ = loop_.after_ms(kOutputGraceMs, [this] { finish(); });
  }

  void read_output() {
    char bytes[16384];
    const ssize_t n = read(output_.get(), bytes, sizeof bytes);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0) {
      captured_.append(bytes, std::min(static_cast<size_t>(n), kMaxCapturedBytes - captured_.size()));
      return;
    }
    loop_.remove(output_.get());
    output_.reset();
    if (status_) finish();
  }

  void finish() {
    loop_.cancel(grace_);
    grace_ = 0;
    if (output_) loop_.remove(output_.get());
    output_.reset();
    // Moved out: the callback may destroy this.
    if (OnExit callback = std::move(on_exit_)) callback(*status_, std::move(captured_));
  }

  EventLoop& loop_;
  pid_t pid_;
  UniqueFd pidfd_, output_;
  OnExit on_exit_;
  ExitHandler exit_handler_;
  OutputHandler output_handler_;
  std::string captured_;
  std::optional<ExitStatus> status_;
  TimerId grace_ = 0;
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

// What the child wrote about its failure before exec; nothing: exec succeeded (the pipe was CLOEXEC).
Result<> read_exec_report(int fd, const std::string& program) {
  char report[96];
  ssize_t n;
  do {
    n = read(fd, report, sizeof report);
  } while (n < 0 && errno == EINTR);
  if (n < static_cast<ssize_t>(sizeof(int))) return {};
  int error;
  std::memcpy(&error, report, sizeof error);
  return fail_errno(std::string(report + sizeof error, static_cast<size_t>(n) - sizeof error) + " " + program,
                    error);
}

}  // namespace

std::string ExitStatus::to_string() const {
  return signal != 0 ? "killed by signal " + std::to_string(signal) : "exit status " + std::to_string(code);
}

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(EventLoop& loop, Options options, OnExit on_exit) {
  LF_INVARIANT(!options.argv.empty());
  int report[2], output[2] = {-1, -1};
  if (pipe2(report, O_CLOEXEC) != 0) return fail_errno("pipe2");
  UniqueFd report_read(report[0]), report_write(report[1]);
  UniqueFd output_read, output_write, null;
  if (options.stdout_fd < 0 || options.stderr_fd < 0) {
    if (pipe2(output, O_CLOEXEC) != 0) return fail_errno("pipe2");
    output_read = UniqueFd(output[0]);
    output_write = UniqueFd(output[1]);
    fcntl(output_read.get(), F_SETFL, O_NONBLOCK);
  }
  if (options.stdin_fd < 0) {
    null = UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!null) return fail_errno("/dev/null");
  }
  Prepared p{.argv = pointers(options.argv),
             .env = pointers(options.env),
             .cwd = options.cwd.empty() ? nullptr : options.cwd.c_str(),
             .stdin_fd = options.stdin_fd < 0 ? null.get() : options.stdin_fd,
             .stdout_fd = options.stdout_fd < 0 ? output_write.get() : options.stdout_fd,
             .stderr_fd = options.stderr_fd < 0 ? output_write.get() : options.stderr_fd,
             .error_fd = report_write.get(),
             .inherited = options.inherited,
             .uid = options.uid,
             .gid = options.gid,
             .parent = getpid(),
             .die_with_parent = options.die_with_parent,
             .new_process_group = options.new_process_group,
             .replace_env = options.replace_env,
             .ambient = &options.ambient_capabilities};
  p.inherited.push_back({p.stdin_fd, STDIN_FILENO});
  p.inherited.push_back({p.stdout_fd, STDOUT_FILENO});
  p.inherited.push_back({p.stderr_fd, STDERR_FILENO});

  const pid_t pid = fork();
  if (pid < 0) return fail_errno("fork");
  if (pid == 0) run_child(p);
  report_write.reset();
  output_write.reset();
  UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  Result<> started = read_exec_report(report_read.get(), options.argv[0]);
  if (!pidfd || !started) {
    if (!pidfd) started = fail_errno("pidfd_open");
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return std::unexpected(started.error());
  }
  auto child = std::make_unique<ChildProcessImpl>(loop, pid, std::move(pidfd), std::move(output_read),
                                                  std::move(on_exit));
  LF_CHECK(child->watch());
  return child;
}

Result<FinishedProcess> run_process(ChildProcess::Options options) {
  LF_TRY(std::unique_ptr<EventLoop> loop, EventLoop::create());
  std::optional<FinishedProcess> finished;
  LF_TRY(auto child,
         ChildProcess::start(*loop, std::move(options), [&](ExitStatus status, std::string output) {
           finished = FinishedProcess{status, std::move(output)};
         }));
  while (!finished) loop->run_once(-1);
  return std::move(*finished);
}

}  // namespace landfall
