#include "host/exec_session.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <cstring>
#include <fstream>

#include "base/random.h"
#include "host/compute/bundle.h"
#include "host/files.h"

namespace landfall::host {

namespace {

namespace json = boost::json;

std::string process_json(const Exec& request) {
  json::array env;
  for (const auto& [name, value] : request.env) env.emplace_back(name + "=" + value);
  json::object process{{"terminal", request.tty},
                       {"user", {{"uid", request.uid}, {"gid", request.gid}}},
                       {"args", json::array(request.argv.begin(), request.argv.end())},
                       {"env", std::move(env)},
                       {"cwd", request.cwd.empty() ? "/" : request.cwd},
                       {"noNewPrivileges", false}};
  // The operator is root of the instance: what its pid 1 may do, it may do.
  json::array names;
  for (const char* name : instance_capabilities()) names.emplace_back(name);
  process["capabilities"] = {{"bounding", names}, {"effective", names}, {"permitted", names}};
  if (request.tty) process["consoleSize"] = {{"height", request.rows}, {"width", request.columns}};
  return json::serialize(process);
}

// Without a terminal: runc stays as the command's parent and has its exit status.
class PlainExec final : public ExecSession {
 public:
  std::string file;
  std::unique_ptr<ChildProcess> child;
  ~PlainExec() override { unlink(file.c_str()); }
};

// With one: runc makes the terminal inside, sends its master to a socket of ours, and leaves; the command
// becomes our child, because host is a subreaper.
class TerminalExec final : public ExecSession, public IoHandler {
 public:
  TerminalExec(EventLoop& loop, std::string base, winsize size, Events events)
      : loop_(loop), base_(std::move(base)), size_(size), events_(std::move(events)) {}

  ~TerminalExec() override {
    runc_.reset();
    for (const char* suffix : {".json", ".sock", ".pid"}) unlink((base_ + suffix).c_str());
    if (!pidfd_) return;
    loop_.remove(pidfd_.get());
    syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
    siginfo_t info;
    waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED);
  }

  Result<> begin(ChildProcess::Options options) {
    listener_ = UniqueFd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!listener_) return fail_errno("socket");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = base_ + ".sock";
    if (path.size() >= sizeof address.sun_path)
      return fail("the data directory's path is too long for a socket");
    std::memcpy(address.sun_path, path.data(), path.size());
    if (bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      return fail_errno("bind " + path);
    if (listen(listener_.get(), 1) != 0) return fail_errno("listen");
    const std::vector<std::string> flags = {"--tty", "--detach",   "--console-socket",
                                            path,    "--pid-file", base_ + ".pid"};
    options.argv.insert(options.argv.end() - 3, flags.begin(), flags.end());  // before "--process FILE ID"
    LF_TRY(runc_, ChildProcess::start(
                      loop_, std::move(options),
                      [this](ExitStatus status, const std::string& output) { runc_left(status, output); }));
    return {};
  }

  void on_io(uint32_t) override {
    siginfo_t info{};
    const bool ours =
        waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0;
    loop_.remove(pidfd_.get());
    pidfd_.reset();
    if (!ours) return events_.ended(fail("its exit status is not known"));
    events_.ended(info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status);
  }

 private:
  void runc_left(ExitStatus status, const std::string& output) {
    Result<> joined = status.ok() ? join() : fail("runc exec: " + output);
    if (!joined) events_.ended(std::unexpected(joined.error()));
  }

  // runc has left, so the master is waiting in the socket's queue.
  Result<> join() {
    UniqueFd peer(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer) return fail_errno("accept of the terminal");
    char name[64];
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    iovec part{name, sizeof name};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    if (recvmsg(peer.get(), &header, MSG_CMSG_CLOEXEC) < 0) return fail_errno("receive of the terminal");
    const cmsghdr* rights = CMSG_FIRSTHDR(&header);
    if (rights == nullptr || rights->cmsg_type != SCM_RIGHTS) return fail("runc sent no terminal");
    int fd;
    std::memcpy(&fd, CMSG_DATA(rights), sizeof fd);
    UniqueFd master(fd);
    ioctl(master.get(), TIOCSWINSZ, &size_);
    pid_t pid = 0;
    std::ifstream(base_ + ".pid") >> pid;
    pidfd_ = UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd_) return fail_errno("pidfd_open");
    LF_CHECK(loop_.add(pidfd_.get(), EPOLLIN, this));
    events_.started(std::move(master));
    return {};
  }

  EventLoop& loop_;
  std::string base_;
  winsize size_;
  Events events_;
  UniqueFd listener_, pidfd_;
  std::unique_ptr<ChildProcess> runc_;
};

}  // namespace

Result<std::unique_ptr<ExecSession>> ExecSession::start(EventLoop& loop, const Runc& runc,
                                                        const std::string& directory, const Exec& request,
                                                        std::vector<UniqueFd> descriptors, Events events) {
  if (request.argv.empty()) return fail("nothing to run");
  if (descriptors.size() != (request.tty ? 0u : 3u))
    return fail("an exec needs three descriptors, or a tty and none");
  const std::string base = directory + "/exec-" + Random::system().hex(8);
  const std::string file = base + ".json";
  LF_CHECK(write_file_atomically(file, process_json(request)));
  ChildProcess::Options options = runc.exec(request.workload_id, file);
  if (request.tty) {
    const winsize size{.ws_row = static_cast<unsigned short>(request.rows),
                       .ws_col = static_cast<unsigned short>(request.columns)};
    auto session = std::make_unique<TerminalExec>(loop, base, size, std::move(events));
    LF_CHECK(session->begin(std::move(options)));
    return session;
  }
  auto session = std::make_unique<PlainExec>();
  session->file = file;
  options.stdin_fd = descriptors[0].get();
  options.stdout_fd = descriptors[1].get();
  options.stderr_fd = descriptors[2].get();
  LF_TRY(session->child, ChildProcess::start(loop, std::move(options),
                                             [ended = std::move(events.ended)](ExitStatus status,
                                                                               const std::string&) mutable {
                                               ended(status.shell_code());
                                             }));
  events.started(UniqueFd());
  return session;
}

}  // namespace landfall::host
