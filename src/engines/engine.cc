#include "engines/engine.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/unique_fd.h"
#include "codec/fields.h"

namespace landfall::engines {
namespace {

void say(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  [[maybe_unused]] const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
}

[[noreturn]] void exec(const std::vector<std::string>& argv) {
  std::vector<char*> pointers;
  for (const std::string& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  ::execv(pointers[0], pointers.data());
  std::perror(pointers[0]);
  ::_exit(127);
}

int exit_status_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

bool console_says_ready(std::string_view console) {
  const size_t start = console.rfind(kStartLine);
  const size_t ready = console.rfind(kReadyLine);
  return ready != std::string_view::npos && (start == std::string_view::npos || ready > start);
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail_errno("open " + path);
  std::ostringstream buffer;
  buffer << in.rdbuf();
  return buffer.str();
}

Result<> write_private_file(const std::string& path, const std::string& content) {
  const std::string fresh = path + ".new";
  UniqueFd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return fail_errno("create " + fresh);
  for (size_t done = 0; done < content.size();) {
    const ssize_t n = ::write(file.get(), content.data() + done, content.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("write " + fresh);
    done += static_cast<size_t>(n);
  }
  if (::fsync(file.get()) != 0) return fail_errno("sync " + fresh);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return fail_errno("rename " + fresh);
  return {};
}

Result<> run_tool(const std::vector<std::string>& argv, const std::string& input) {
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return fail_errno("pipe");
  const pid_t child = ::fork();
  if (child < 0) return fail_errno("fork");
  if (child == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(out[1], STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    exec(argv);
  }
  ::close(in[0]);
  ::close(out[1]);
  [[maybe_unused]] const ssize_t given =
      ::write(in[1], input.data(), input.size());  // far below a pipe's capacity
  ::close(in[1]);
  std::string printed;
  char buffer[4096];
  for (ssize_t n; (n = ::read(out[0], buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR);)
    if (n > 0) printed.append(buffer, static_cast<size_t>(n));
  ::close(out[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (exit_status_of(status) != 0)
    return fail(argv[0] + " ended with " + std::to_string(exit_status_of(status)) + ": " + printed);
  return {};
}

int supervise(const std::vector<std::string>& argv, std::string_view ready_text, int stop_signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGCHLD);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  UniqueFd signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  int out[2];
  if (!signals || ::pipe2(out, O_CLOEXEC) != 0) {
    std::perror("pipe");
    return 71;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(out[1], STDERR_FILENO);
    sigprocmask(SIG_UNBLOCK, &set, nullptr);
    exec(argv);
  }
  ::close(out[1]);
  UniqueFd output(out[0]);
  std::string line;
  bool ready = false;
  pollfd fds[2] = {{signals.get(), POLLIN, 0}, {output.get(), POLLIN, 0}};
  while (true) {
    if (::poll(fds, 2, -1) < 0 && errno != EINTR) return 71;
    char buffer[4096];
    if (fds[1].revents != 0) {
      const ssize_t n = ::read(output.get(), buffer, sizeof buffer);
      if (n > 0) {
        [[maybe_unused]] const ssize_t shown = ::write(STDOUT_FILENO, buffer, static_cast<size_t>(n));
        line.append(buffer, static_cast<size_t>(n));
        if (!ready && line.find(ready_text) != std::string::npos) {
          ready = true;
          say(kReadyLine);
        }
        if (const size_t end = line.rfind('\n'); end != std::string::npos) line.erase(0, end + 1);
        if (line.size() > sizeof buffer) line.clear();
      } else if (n == 0) {
        fds[1].fd = -1;  // closed; the child's end is told by SIGCHLD
      }
    }
    signalfd_siginfo info;
    while (::read(signals.get(), &info, sizeof info) == sizeof info) {
      if (info.ssi_signo != SIGCHLD) {
        ::kill(child, stop_signal);
        continue;
      }
      int status = 0;
      for (pid_t ended; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;)  // as pid 1 it reaps orphans too
        if (ended == child) return exit_status_of(status);
    }
  }
}

int run_engine(int argc, char** argv) {
  const std::string_view kind = argc > 1 ? argv[1] : "";
  say(kStartLine);
  auto text = read_file(kConfigPath);
  Result<int> status = fail(text ? "" : text.error().message);
  if (text && kind == "postgres") {
    auto config = from_json<PostgresConfig>(*text);
    status = config ? run_postgres(*config) : Result<int>(std::unexpected(config.error()));
  } else if (text && kind == "redis") {
    auto config = from_json<RedisConfig>(*text);
    status = config ? run_redis(*config) : Result<int>(std::unexpected(config.error()));
  } else if (text) {
    status = fail("usage: landfall engine postgres|redis");
  }
  if (status) return *status;
  say("landfall-engine: " + status.error().message);
  return 1;
}

}  // namespace landfall::engines
