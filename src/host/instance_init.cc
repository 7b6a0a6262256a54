#include "host/instance_init.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/clock.h"
#include "base/log.h"
#include "base/unique_fd.h"
#include "host/user_data.h"

namespace landfall::host {

namespace {

constexpr const char* kScriptPath = "/var/lib/cloud/instance/scripts/part-001";

void console(const std::string& line) {
  const std::string text = "[landfall] " + format_iso8601(Clock::system().now()) + " " + line + "\n";
  [[maybe_unused]] ssize_t n = write(STDOUT_FILENO, text.data(), text.size());
}

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool exists(const char* path) { return access(path, F_OK) == 0; }

// Returns the script's pid, 0 if there is nothing to run.
pid_t start_script(const std::string& text) {
  mkdir("/var/lib/cloud/instance/scripts", 0700);
  std::ofstream(kScriptPath, std::ios::binary | std::ios::trunc) << text;
  if (chmod(kScriptPath, 0700) != 0) {
    console(fmt::format("user data: chmod: {}", std::strerror(errno)));
    return 0;
  }
  const pid_t pid = fork();
  if (pid != 0) return pid;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setsid();
  if (chdir("/") == 0) execl(kScriptPath, kScriptPath, static_cast<char*>(nullptr));
  console(fmt::format("user data: exec: {}", std::strerror(errno)));
  _exit(127);
}

pid_t run_user_data() {
  if (exists(kUserDataDonePath)) return 0;
  const std::string text = read_file(kUserDataPath);
  switch (classify_user_data(text)) {
    case UserDataKind::none:
      return 0;
    case UserDataKind::script:
      console("user data: running the script");
      return start_script(text);
    case UserDataKind::cloud_config:
      console("user data: #cloud-config is not supported: nothing of it was done. Use a script (\"#!\").");
      return 0;
    case UserDataKind::unknown:
      console("user data: does not begin with \"#!\": ignored");
      return 0;
  }
  return 0;
}

// What is to run at every boot, once the user data of the first has ended: the executables in cloud-init's
// own folder for it, one after the other in order of their names.
// https://cloudinit.readthedocs.io/en/latest/reference/modules.html
constexpr const char* kPerBootFolder = "/var/lib/cloud/scripts/per-boot";

void run_boot_scripts() {
  std::error_code error;
  std::set<std::string> scripts;
  for (const auto& entry : std::filesystem::directory_iterator(kPerBootFolder, error))
    if (access(entry.path().c_str(), X_OK) == 0) scripts.insert(entry.path());
  if (scripts.empty() || fork() != 0) return;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setsid();
  for (const std::string& script : scripts) {
    console("per-boot script " + script);
    const pid_t pid = fork();
    if (pid == 0) {
      if (chdir("/") == 0) execl(script.c_str(), script.c_str(), static_cast<char*>(nullptr));
      console(fmt::format("{}: exec: {}", script, std::strerror(errno)));
      _exit(127);
    }
    int status = 0;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
  }
  _exit(0);
}

void mark_done() { std::ofstream(kUserDataDonePath) << format_iso8601(Clock::system().now()) << "\n"; }

// Everything that has ended; tells the end of the user data script.
void reap(pid_t& script) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (pid != script) continue;
    script = 0;
    if (WIFEXITED(status))
      console(fmt::format("user data: ended with exit status {}", WEXITSTATUS(status)));
    else
      console(fmt::format("user data: killed by signal {}", WTERMSIG(status)));
    mark_done();
    run_boot_scripts();
  }
}

bool has_processes() {
  siginfo_t info{};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// As pid 1, kill(-1) reaches every process but ourselves; what is not our child yet will be when its parent
// ends.
void shut_down(int signal_fd) {
  using std::chrono::steady_clock;
  console("shutting down");
  kill(-1, SIGTERM);
  kill(-1, SIGCONT);
  const auto limit = steady_clock::now() + std::chrono::milliseconds(kShutdownGraceMs);
  pid_t nobody = -1;
  for (reap(nobody); has_processes(); reap(nobody)) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(limit - steady_clock::now()).count();
    pollfd waiting{signal_fd, POLLIN, 0};
    if (left <= 0 || poll(&waiting, 1, static_cast<int>(left)) <= 0) break;
    signalfd_siginfo info;
    [[maybe_unused]] ssize_t n = read(signal_fd, &info, sizeof info);
  }
  console("stopped");
}

}  // namespace

int instance_init(int, char**) {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : {SIGCHLD, SIGTERM, SIGPWR, SIGINT}) sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  UniqueFd signals(signalfd(-1, &set, SFD_CLOEXEC));
  if (!signals) return 70;
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  console(fmt::format("{} is up", name));
  pid_t script = run_user_data();
  if (script == 0) {
    mark_done();
    run_boot_scripts();
  }
  while (true) {
    signalfd_siginfo info;
    const ssize_t n = read(signals.get(), &info, sizeof info);
    if (n < 0 && errno == EINTR) continue;
    if (n != sizeof info) return 70;
    reap(script);
    if (info.ssi_signo == SIGCHLD) continue;
    shut_down(signals.get());
    return 0;
  }
}

}  // namespace landfall::host
