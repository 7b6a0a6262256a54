// `landfall exec INSTANCE -- CMD`: host starts CMD inside the instance. Without a terminal it gets our
// standard descriptors themselves; with one, a terminal of its own whose other end we carry bytes to and
// from.
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/local_client.h"
#include "codec/fields.h"
#include "host/protocol.h"
#include "roles/layout.h"
#include "runtime/channel.h"
#include "runtime/event_loop.h"

namespace landfall::cli {

namespace {

// exec's own failures, apart from CMD's exit statuses (as in POSIX `env`, `nohup`).
constexpr int kExecFailed = 125;

bool on_a_terminal() { return ::isatty(STDIN_FILENO) && ::isatty(STDOUT_FILENO); }

// The operator's terminal passes every key on as it is, until this goes.
class RawTerminal {
 public:
  RawTerminal() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios raw = before_;
    ::cfmakeraw(&raw);
    active_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  }
  ~RawTerminal() {
    if (active_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  RawTerminal(const RawTerminal&) = delete;

 private:
  termios before_{};
  bool active_ = false;
};

// Copies what one descriptor has to another, a bufferful at a time.
class Copier final : public IoHandler {
 public:
  Copier(EventLoop& loop, int from, int to) : loop_(loop), from_(from), to_(to) {
    // A file as standard input cannot be polled; interactive use has a terminal on both sides.
    watching_ = loop_.add(from_, EPOLLIN, this).has_value();
  }
  ~Copier() { stop(); }
  void on_io(uint32_t) override {
    char buffer[4096];
    const ssize_t count = ::read(from_, buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return stop();  // EIO: nobody holds the terminal any more
    for (ssize_t done = 0; done < count;) {
      const ssize_t written = ::write(to_, buffer + done, static_cast<size_t>(count - done));
      if (written < 0) return stop();
      done += written;
    }
  }

 private:
  void stop() {
    if (watching_) loop_.remove(from_);
    watching_ = false;
  }

  EventLoop& loop_;
  int from_, to_;
  bool watching_ = false;
};

class ExecSession {
 public:
  explicit ExecSession(EventLoop& loop) : loop_(loop) {}

  Result<int> run(const std::string& socket_path, const host::Exec& request) {
    LF_TRY(UniqueFd socket, connect_unix(socket_path));
    LF_TRY(channel_, Channel::create(loop_, std::move(socket)));
    channel_->on_message([this](std::string_view json, std::vector<UniqueFd> descriptors) {
      received(json, std::move(descriptors));
    });
    channel_->on_close([this] { finish(fail("host closed the connection")); });
    std::vector<UniqueFd> descriptors;
    if (!request.tty)
      for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) descriptors.emplace_back(::dup(fd));
    channel_->send(to_json(request), std::move(descriptors));
    loop_.run();
    return std::move(*outcome_);
  }

 private:
  void received(std::string_view json, std::vector<UniqueFd> descriptors) {
    const auto envelope = from_json<host::Envelope>(json);
    if (!envelope) return finish(std::unexpected(envelope.error()));
    if (envelope->type == "ExecStarted" && !descriptors.empty())
      return join_terminal(std::move(descriptors[0]));
    if (envelope->type == "ExecExited") {
      const auto exited = from_json<host::ExecExited>(json);
      return finish(exited ? Result<int>(static_cast<int>(exited->exit_code))
                           : std::unexpected(exited.error()));
    }
    if (envelope->type == "Failure") {
      const auto failure = from_json<host::Failure>(json);
      finish(fail(failure ? failure->message : failure.error().message));
    }
  }

  void join_terminal(UniqueFd master) {
    master_ = std::move(master);
    raw_.emplace();
    to_terminal_.emplace(loop_, STDIN_FILENO, master_.get());
    from_terminal_.emplace(loop_, master_.get(), STDOUT_FILENO);
  }

  void finish(Result<int> outcome) {
    if (outcome_) return;
    outcome_ = std::move(outcome);
    if (from_terminal_) from_terminal_->on_io(EPOLLIN);  // the last that CMD wrote
    raw_.reset();
    loop_.stop();
  }

  EventLoop& loop_;
  std::unique_ptr<Channel> channel_;
  UniqueFd master_;
  std::optional<RawTerminal> raw_;
  std::optional<Copier> to_terminal_, from_terminal_;
  std::optional<Result<int>> outcome_;
};

host::Exec exec_request(const std::string& instance, const std::vector<std::string>& command) {
  host::Exec request;
  request.id = "exec";
  request.workload_id = instance;
  request.argv = command;
  request.env["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  request.env["HOME"] = "/root";
  const char* terminal = std::getenv("TERM");
  request.env["TERM"] = terminal && *terminal ? terminal : "dumb";
  request.tty = on_a_terminal();
  if (winsize size{}; request.tty && ::ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0) {
    request.rows = size.ws_row;
    request.columns = size.ws_col;
  }
  return request;
}

}  // namespace

int exec(const CommandOptions& options, const std::string& instance,
         const std::vector<std::string>& command) {
  const roles::Layout layout{options.data_dir};
  auto loop = EventLoop::create();
  if (!loop) {
    std::fprintf(stderr, "landfall exec: %s\n", loop.error().message.c_str());
    return kExecFailed;
  }
  ExecSession session(**loop);
  const auto status = session.run(layout.host_admin_socket(), exec_request(instance, command));
  if (status) return *status;
  std::fprintf(stderr, "landfall exec: %s\n", status.error().message.c_str());
  return kExecFailed;
}

}  // namespace landfall::cli
