#include "javascript/runner.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <deque>
#include <map>
#include <vector>

#include "base/log.h"
#include "javascript/program.h"
#include "runtime/child_process.h"

namespace landfall::javascript {
namespace {

class RunnerImpl final : public Runner, IoHandler {
 public:
  RunnerImpl(EventLoop& loop, RunnerOptions options) : loop_(loop), options_(options) {}
  ~RunnerImpl() override {
    *alive_ = false;
    loop_.cancel(start_again_);
    end_process();
  }

  void run(std::shared_ptr<const Function> function, std::string event, Done done) override {
    const bool too_large = std::max(event.size(), function->code.size()) + 5 > kMaxMessage;
    if (too_large || jobs_.size() >= options_.waiting) {
      Ran refused{.end = too_large ? End::bad_result : End::out_of_time,
                  .output = too_large ? "The event is too large." : "Too many runs wait."};
      return loop_.post(
          [done = std::move(done), refused = std::move(refused)]() mutable { done(std::move(refused)); });
    }
    jobs_.push_back({std::move(function), std::move(event), std::move(done)});
    go_on();
  }

  pid_t pid() const override { return process_ ? process_->pid() : 0; }

 private:
  struct Job {
    std::shared_ptr<const Function> function;
    std::string event;
    Done done;
  };
  enum class State { waiting, loading, running };

  // The first job's next step.
  void go_on() {
    if (state_ != State::waiting || jobs_.empty() || start_again_ != 0) return;
    loop_.cancel(std::exchange(timer_, 0));
    if (!process_ && !start()) return;
    const Job& job = jobs_.front();
    const auto [number, is_new] =
        numbers_.try_emplace(job.function->version, static_cast<uint32_t>(numbers_.size() + 1));
    state_ = is_new ? State::loading : State::running;
    send({.ask = is_new ? Ask::load : Ask::run,
          .function = number->second,
          .text = is_new ? job.function->code : job.event});
  }

  void send(const Request& request) {
    const std::string message = encode(request);
    if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
      log::warn("the process for functions: {}", std::error_code(errno, std::generic_category()).message());
    // What could not be sent is not answered either.
    timer_ = loop_.after_ms(answered_ ? options_.patience_ms : options_.start_ms, [this] {
      timer_ = 0;
      blame({.end = End::out_of_time, .output = "The function used up its time."});
    });
  }

  void on_io(uint32_t) override {
    buffer_.resize(kMaxMessage + 1);
    const ssize_t size = ::recv(socket_.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    auto ran = size > 0 && static_cast<size_t>(size) <= kMaxMessage
                   ? decode_ran({buffer_.data(), static_cast<size_t>(size)})
                   : std::nullopt;
    if (!ran || state_ == State::waiting)
      return blame({.end = End::died, .output = "The function ended its process."});
    answered_ = true;
    loop_.cancel(std::exchange(timer_, 0));
    if (state_ == State::loading && ran->end == End::ok) {
      const Job& job = jobs_.front();
      state_ = State::running;
      return send({.ask = Ask::run, .function = numbers_.at(job.function->version), .text = job.event});
    }
    if (state_ == State::loading) numbers_.erase(jobs_.front().function->version);
    finish_first(std::move(*ran));
  }

  void finish_first(Ran ran) {
    state_ = State::waiting;
    Done done = std::move(jobs_.front().done);
    jobs_.pop_front();
    if (numbers_.size() >= options_.functions) end_process();
    const auto alive = alive_;
    done(std::move(ran));
    if (!*alive) return;
    go_on();
    if (state_ == State::waiting && process_ && timer_ == 0)
      timer_ = loop_.after_ms(options_.idle_ms, [this] {
        timer_ = 0;
        end_process();
      });
  }

  // The process has ended, is silent, or talks nonsense.
  void blame(Ran ran) {
    const bool never_worked = !answered_, had_job = state_ != State::waiting;
    end_process();
    if (never_worked) {
      ran.end = End::died;
      log::error("the process for functions does not start");
      start_again_ = loop_.after_ms(options_.after_death_ms, [this] {
        start_again_ = 0;
        go_on();
      });
    }
    if (had_job) return finish_first(std::move(ran));
    go_on();
  }

  bool start() {
    if (auto started = try_start(); !started) {
      log::error("the process for functions: {}", started.error().message);
      state_ = State::loading;  // blame() takes the first job for who tried
      loop_.post([this, alive = alive_] {
        if (*alive) blame({.end = End::died, .output = "no process"});
      });
      return false;
    }
    return true;
  }

  Result<> try_start() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return fail_errno("socketpair");
    socket_ = UniqueFd(ends[0]);
    const UniqueFd theirs(ends[1]);
    LF_TRY(const UniqueFd file, program());
    LF_TRY(process_, ChildProcess::start(loop_,
                                         {.argv = {"/proc/self/fd/" + std::to_string(file.get())},
                                          .replace_env = true,
                                          .inherited = {{.ours = theirs.get(), .childs = kSocketFd}}},
                                         [](ExitStatus status, std::string output) {
                                           log::warn("the process for functions: {} {}", status.to_string(),
                                                     output);
                                         }));
    return loop_.add(socket_.get(), EPOLLIN, this);
  }

  void end_process() {
    loop_.cancel(std::exchange(timer_, 0));
    if (socket_) loop_.remove(socket_.get());
    socket_.reset();
    process_.reset();
    numbers_.clear();
    answered_ = false;
  }

  EventLoop& loop_;
  const RunnerOptions options_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  State state_ = State::waiting;
  std::deque<Job> jobs_;
  std::unique_ptr<ChildProcess> process_;
  UniqueFd socket_;
  std::map<std::string, uint32_t, std::less<>> numbers_;  // what the process has loaded, by version
  std::vector<char> buffer_;
  TimerId timer_ = 0, start_again_ = 0;  // timer_: for the answer, or while waiting for the end of idleness
  bool answered_ = false;                // this process has
};

}  // namespace

std::unique_ptr<Runner> Runner::create(EventLoop& loop, RunnerOptions options) {
  return std::make_unique<RunnerImpl>(loop, options);
}

}  // namespace landfall::javascript
