#include "roles/up/role_process.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace landfall::roles {

namespace {

constexpr int kReadyFd = 3;    // in the child
constexpr int kProgramFd = 4;  // in the child, until exec
constexpr rlim_t kOpenFiles = 65'536;

// Everything below runs in the child between fork and exec: a failure is told on stderr (the log) and ends
// it.
[[noreturn]] void die(const char* what) {
  const char* reason = std::strerror(errno);
  ::dprintf(STDERR_FILENO, "start role: %s: %s\n", what, reason);
  ::_exit(71);
}

void set_capabilities(uint32_t mask) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2] = {{.effective = mask, .permitted = mask, .inheritable = mask}, {}};
  if (::syscall(SYS_capset, &header, data) != 0) die("capset");
}

void drop_bounding_set(uint32_t keep) {
  for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
    if ((capability >= 32 || !(keep & 1u << capability)) &&
        ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
      die("drop a capability from the bounding set");
}

void become(const RoleCommand& command) {
  if (command.privileges == Privileges::root) return;
  const uint32_t keep = command.privileges == Privileges::bind_low_ports ? 1u << CAP_NET_BIND_SERVICE : 0;
  drop_bounding_set(keep);
  if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) die("keep capabilities");
  const gid_t extra = command.extra_gid;
  if (::setgroups(extra ? 1 : 0, &extra) != 0) die("setgroups");
  if (::setresgid(command.uid, command.uid, command.uid) != 0) die("setresgid");
  if (::setresuid(command.uid, command.uid, command.uid) != 0) die("setresuid");
  set_capabilities(keep);
  if (keep && ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0) != 0)
    die("ambient capability");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) die("no_new_privs");
}

void raise_open_files() {
  rlimit limit{kOpenFiles, kOpenFiles};
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0) return;
  ::getrlimit(RLIMIT_NOFILE, &limit);  // not allowed to raise the hard limit: take all of it
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void arrange_descriptors(int output, int ready, int program) {
  const int null = ::open("/dev/null", O_RDONLY);
  // Out of the way of 0 to 4 first, so that no dup2 overwrites one that is still to be moved.
  const int moved_output = ::fcntl(output, F_DUPFD, 10);
  const int moved_ready = ::fcntl(ready, F_DUPFD, 10);
  const int moved_program = ::fcntl(program, F_DUPFD, 10);
  if (null < 0 || moved_output < 0 || moved_ready < 0 || moved_program < 0) die("descriptors");
  if (::dup2(null, STDIN_FILENO) < 0 || ::dup2(moved_output, STDOUT_FILENO) < 0 ||
      ::dup2(moved_output, STDERR_FILENO) < 0 || ::dup2(moved_ready, kReadyFd) < 0 ||
      ::dup2(moved_program, kProgramFd) < 0)
    die("descriptors");
  ::close_range(kProgramFd + 1, ~0u, 0);
  ::fcntl(kProgramFd, F_SETFD, FD_CLOEXEC);
}

[[noreturn]] void run_child(const RoleCommand& command, pid_t parent, char* const* argv) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGINT, SIG_IGN);  // the terminal's Ctrl-C is the supervisor's to handle
  ::signal(SIGPIPE, SIG_IGN);
  if (::setsid() < 0) die("setsid");
  raise_open_files();
  become(command);
  ::umask(command.privileges == Privileges::root ? 022 : 007);
  // After the change of user, which clears it. The check closes the window in which the parent may have died.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) die("PDEATHSIG");
  if (::getppid() != parent) ::_exit(0);
  static const char* const kEnvironment[] = {
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/", "TZ=UTC",
      nullptr};
  // By descriptor: the role's user need not be able to reach the program's folder.
  ::syscall(SYS_execveat, kProgramFd, "", argv, kEnvironment, AT_EMPTY_PATH);
  die("exec");
}

Result<> make_pipe(UniqueFd& reader, UniqueFd& writer) {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return fail_errno("pipe");
  reader = UniqueFd(fds[0]);
  writer = UniqueFd(fds[1]);
  if (::fcntl(reader.get(), F_SETFL, O_NONBLOCK) != 0) return fail_errno("fcntl");
  return {};
}

}  // namespace

Result<RoleProcess> start_role(const RoleCommand& command) {
  RoleProcess process;
  UniqueFd output, ready;
  LF_CHECK(make_pipe(process.output, output));
  LF_CHECK(make_pipe(process.ready, ready));
  UniqueFd program(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  if (!program) return fail_errno("open /proc/self/exe");

  std::vector<std::string> arguments = {"landfall"};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  arguments.push_back("--ready-fd=" + std::to_string(kReadyFd));
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);

  const pid_t parent = ::getpid();
  process.pid = ::fork();
  if (process.pid < 0) return fail_errno("fork");
  if (process.pid == 0) {
    arrange_descriptors(output.get(), ready.get(), program.get());
    run_child(command, parent, argv.data());
  }
  process.pidfd = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!process.pidfd) return fail_errno("pidfd_open");
  return process;
}

}  // namespace landfall::roles
