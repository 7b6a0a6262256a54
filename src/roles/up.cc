#include "roles/up.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/unique_fd.h"
#include "roles/layout.h"
#include "roles/up/data_dir.h"
#include "roles/up/settings.h"
#include "roles/up/supervisor.h"
#include "roles/up/up_socket.h"
#include "runtime/event_loop.h"

namespace landfall::roles {

namespace json = boost::json;

namespace {

constexpr int kUpFailed = 1;

int complain(const Error& error) {
  std::fprintf(stderr, "landfall up: %s\n", error.message.c_str());
  return kUpFailed;
}

Result<std::string> boot_id() {
  LF_TRY(std::string id, read_file("/proc/sys/kernel/random/boot_id"));
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

// What was stored, overridden by what was typed. State holds ARNs: its region and account cannot change.
Result<Settings> merged_settings(const Layout& layout, const UpOptions& options) {
  LF_TRY(const std::optional<Settings> stored, load_settings(layout));
  Settings settings = stored.value_or(Settings{});
  if (stored && options.region && *options.region != stored->region)
    return fail("this data directory's region is " + stored->region + ": it cannot become " +
                *options.region);
  if (stored && options.account_id && *options.account_id != stored->account_id)
    return fail("this data directory's account is " + stored->account_id + ": it cannot become " +
                *options.account_id);
  settings.region = options.region.value_or(settings.region);
  settings.account_id = options.account_id.value_or(settings.account_id);
  settings.public_cidr = options.public_cidr.value_or(settings.public_cidr);
  settings.api_port = options.api_port.value_or(settings.api_port);
  settings.auth = options.auth.value_or(AuthMode::enforce);  // never weak because it once was
  LF_CHECK(validate(settings));
  return settings;
}

std::vector<SupervisedRole> roles_to_run(const Layout& layout, const Settings& settings,
                                         const UpOptions& options, const std::string& boot) {
  static constexpr const char* kLevels[] = {"debug", "info", "warn", "error"};
  const std::vector<std::string> common = {
      "--data-dir=" + layout.root,
      "--region=" + settings.region,
      "--account=" + settings.account_id,
      "--public-cidr=" + settings.public_cidr,
      "--api-port=" + std::to_string(settings.api_port),
      "--boot-id=" + boot,
      "--control-uid=" + std::to_string(options.users.control),
      "--edge-uid=" + std::to_string(options.users.edge),
      "--postgres-uid=" + std::to_string(options.users.postgres),
      "--redis-uid=" + std::to_string(options.users.redis),
      std::string("--log-level=") + kLevels[static_cast<int>(options.log_level)]};
  const std::string auth = std::string("--auth=") + (settings.auth == AuthMode::any ? "any" : "enforce");
  const auto command = [&](const std::string& role, std::vector<std::string> more) {
    std::vector<std::string> arguments = {role};
    arguments.insert(arguments.end(), common.begin(), common.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  const auto log_file = [&](const std::string& role) { return layout.log() + "/" + role + ".log"; };
  return {
      {"control",
       {command("control", {auth}), Privileges::none, options.users.control, 0},
       log_file("control")},
      {"edge",
       {command("edge", {auth, "--workers=" + std::to_string(options.edge_workers),
                         "--log-delivery-seconds=" + std::to_string(options.log_delivery_seconds)}),
        Privileges::bind_low_ports, options.users.edge, options.users.control},
       log_file("edge")},
      {"host", {command("host", {}), Privileges::root, 0, 0}, log_file("host")},
  };
}

Result<> enter_mount_namespace() {
  if (::unshare(CLONE_NEWNS) != 0) return fail_errno("unshare a mount namespace");
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return fail_errno("make mounts private");
  return {};
}

std::string status_json(const Supervisor& supervisor, const Settings& settings, const Layout& layout) {
  json::array roles;
  for (const RoleStatus& role : supervisor.status())
    roles.push_back(json::object{{"name", role.name},
                                 {"state", role.state},
                                 {"pid", role.pid},
                                 {"restarts", role.restarts},
                                 {"since_unix_ms", role.since_unix_ms},
                                 {"last_exit", role.last_exit}});
  return json::serialize(json::object{{"pid", static_cast<int64_t>(::getpid())},
                                      {"data_dir", layout.root},
                                      {"region", settings.region},
                                      {"account_id", settings.account_id},
                                      {"public_cidr", settings.public_cidr},
                                      {"api_port", settings.api_port},
                                      {"roles", std::move(roles)}});
}

// Where a detached `up` tells its parent how the start went: one line, then the end of the file.
class StartReport {
 public:
  StartReport() = default;
  explicit StartReport(UniqueFd fd) : fd_(std::move(fd)) {}
  void say(const std::string& line) {
    if (!fd_) return;
    [[maybe_unused]] const ssize_t count = ::write(fd_.get(), line.data(), line.size());
    fd_.reset();
  }

 private:
  UniqueFd fd_;
};

// The process that applies the stack and prints progress and the summary: `landfall apply` in the foreground.
std::vector<std::string> apply_command(const Layout& layout, const UpOptions& options) {
  std::vector<std::string> command = {"landfall", "apply", "--data-dir=" + layout.root};
  if (!options.stack_file.empty()) command.push_back("--stack=" + options.stack_file);
  return command;
}

[[noreturn]] void exec_self(std::vector<std::string> command) {
  std::vector<char*> argv;
  for (std::string& argument : command) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv("/proc/self/exe", argv.data());
  std::fprintf(stderr, "landfall up: exec: %s\n", std::strerror(errno));
  ::_exit(kUpFailed);
}

// One foreground or daemon run, from the roles' start to their end.
class UpRun final : public IoHandler {
 public:
  UpRun(Layout layout, Settings settings, const UpOptions& options, StartReport report)
      : layout_(std::move(layout)),
        settings_(std::move(settings)),
        options_(options),
        report_(std::move(report)) {}

  Result<int> run() {
    LF_CHECK(enter_mount_namespace());
    LF_TRY(const std::string boot, boot_id());
    LF_TRY(loop_, EventLoop::create());
    LF_CHECK(watch_signals());
    supervisor_ = std::make_unique<Supervisor>(
        *loop_, roles_to_run(layout_, settings_, options_, boot),
        SupervisorEvents{
            [this] { on_ready(); },
            [this](const std::string& role, const std::string& words) { on_cannot_start(role, words); },
            [this] { on_stopped(); }});
    LF_TRY(socket_, UpSocket::create(*loop_, layout_.up_socket(), operator_uid(),
                                     {[this] { return status_json(*supervisor_, settings_, layout_); },
                                      [this] { return ready_; }, [this] { stop(); }}));
    supervisor_->start();
    loop_->run();
    loop_->remove(signals_.get());
    return exit_status_;
  }

  void on_io(uint32_t) override {
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) != sizeof info) return;
    if (info.ssi_signo == SIGCHLD) return reap_apply();
    if (info.ssi_signo == SIGHUP && options_.attachment == Attachment::detached) return;
    stop();
  }

 private:
  Result<> watch_signals() {
    sigset_t mask;
    sigemptyset(&mask);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&mask, signal);
    if (::sigprocmask(SIG_BLOCK, &mask, nullptr) != 0) return fail_errno("sigprocmask");
    signals_ = UniqueFd(::signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) return fail_errno("signalfd");
    return loop_->add(signals_.get(), EPOLLIN, this);
  }

  void on_ready() {
    ready_ = true;
    socket_->tell_ready();
    report_.say("ready\n");
    if (options_.attachment == Attachment::foreground) start_apply();
  }

  void start_apply() {
    const std::vector<std::string> command = apply_command(layout_, options_);
    apply_pid_ = ::fork();
    if (apply_pid_ < 0) return log::error("fork: {}", std::strerror(errno));
    if (apply_pid_ > 0) return;
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    exec_self(command);
  }

  void reap_apply() {
    int wait_status = 0;
    if (apply_pid_ <= 0 || ::waitpid(apply_pid_, &wait_status, WNOHANG) != apply_pid_) return;
    apply_pid_ = -1;
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return;
    if (!stopping_)
      std::fprintf(stderr, "Not everything is up (see above). Landfall keeps running; Ctrl-C stops it.\n");
  }

  void on_cannot_start(const std::string& role, const std::string& last_words) {
    const std::string text = role + " does not start. It said last:\n" + last_words;
    report_.say("error " + text);
    if (options_.attachment == Attachment::foreground) std::fprintf(stderr, "landfall up: %s", text.c_str());
    exit_status_ = kUpFailed;
    stop();
  }

  void stop() {
    if (stopping_) return;
    stopping_ = true;
    if (options_.attachment == Attachment::foreground) std::fprintf(stderr, "\nStopping...\n");
    if (apply_pid_ > 0) ::kill(apply_pid_, SIGTERM);
    loop_->post([this] { supervisor_->stop(); });
  }

  void on_stopped() {
    socket_->tell_stopped();
    ::unlink(layout_.up_socket().c_str());
    loop_->stop();
  }

  Layout layout_;
  Settings settings_;
  const UpOptions& options_;
  StartReport report_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Supervisor> supervisor_;
  std::unique_ptr<UpSocket> socket_;
  UniqueFd signals_;
  pid_t apply_pid_ = -1;
  bool ready_ = false;
  bool stopping_ = false;
  int exit_status_ = 0;
};

int run_in_this_process(const Layout& layout, const Settings& settings, const UpOptions& options,
                        StartReport report) {
  UpRun run(layout, settings, options, std::move(report));
  const auto status = run.run();
  return status ? *status : complain(status.error());
}

// The daemon's side of --detach.
Result<> become_daemon(const Layout& layout) {
  if (::setsid() < 0) return fail_errno("setsid");
  const std::string path = layout.log() + "/up.log";
  UniqueFd log_fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!log_fd) return fail_errno("open " + path);
  UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null || ::dup2(null.get(), 0) < 0 || ::dup2(log_fd.get(), 1) < 0 || ::dup2(log_fd.get(), 2) < 0)
    return fail_errno("standard descriptors");
  if (::chdir("/") != 0) return fail_errno("chdir /");
  return {};
}

// The caller's side: waits for the daemon's one line, then applies the stack in this process.
int wait_for_daemon(UniqueFd report, const Layout& layout, const UpOptions& options) {
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = ::read(report.get(), buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<size_t>(count));
  if (text == "ready\n") exec_self(apply_command(layout, options));
  if (text.starts_with("error ")) text.erase(0, 6);
  if (text.empty()) text = "it ended before the roles were ready; see " + layout.log() + "/up.log\n";
  std::fprintf(stderr, "landfall up: %s", text.c_str());
  return kUpFailed;
}

Result<> write_pid(int lock_fd) {
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock_fd, 0) != 0 || ::pwrite(lock_fd, text.data(), text.size(), 0) < 0)
    return fail_errno("write the lock's pid");
  return {};
}

Result<int> run_detached(const Layout& layout, const Settings& settings, const UpOptions& options,
                         UniqueFd& lock) {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return fail_errno("pipe");
  UniqueFd reader(fds[0]), writer(fds[1]);
  const pid_t child = ::fork();
  if (child < 0) return fail_errno("fork");
  if (child > 0) {
    writer.reset();
    lock.reset();  // the daemon's copy keeps it
    return wait_for_daemon(std::move(reader), layout, options);
  }
  reader.reset();
  LF_CHECK(become_daemon(layout));
  LF_CHECK(write_pid(lock.get()));
  return run_in_this_process(layout, settings, options, StartReport(std::move(writer)));
}

Result<int> up(const UpOptions& options) {
  if (::geteuid() != 0)
    return fail("it makes network namespaces and starts containers, for which it must be root: try sudo");
  const Layout layout{options.data_dir};
  LF_TRY(UniqueFd lock, lock_data_dir(layout));
  LF_TRY(const Settings settings, merged_settings(layout, options));
  LF_CHECK(prepare_data_dir(layout, options.users));
  LF_CHECK(store_settings(layout, settings));
  LF_CHECK(ensure_root_credentials(layout, options.users));
  log::init("up", options.log_level);
  if (options.attachment == Attachment::detached) return run_detached(layout, settings, options, lock);
  LF_CHECK(write_pid(lock.get()));
  return run_in_this_process(layout, settings, options, {});
}

}  // namespace

int run_up(const UpOptions& options) {
  const auto status = up(options);
  return status ? *status : complain(status.error());
}

}  // namespace landfall::roles
