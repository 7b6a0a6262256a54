#include "runtime/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/unique_fd.h"

namespace landfall {
namespace {

constexpr int kEventsPerWait = 256;

// Invariants: handlers_ holds a handler for exactly the descriptors registered with epoll_ (bar wake_). Each
// registration has a generation, carried in the epoll data, so that an event of an earlier owner of the same
// number is recognised.
class EpollLoop final : public EventLoop {
 public:
  EpollLoop(UniqueFd epoll, UniqueFd wake, const Clock& clock)
      : epoll_(std::move(epoll)), wake_(std::move(wake)), clock_(clock) {}

  void run() override {
    stopped_ = false;
    while (!stopped_) run_once(-1);
  }

  void stop() override {
    post([this] { stopped_ = true; });
  }

  void run_once(int timeout_ms) override {
    thread_ = std::this_thread::get_id();
    epoll_event events[kEventsPerWait];
    int count = epoll_wait(epoll_.get(), events, kEventsPerWait, wait_ms(timeout_ms));
    LF_INVARIANT(count >= 0 || errno == EINTR);
    for (int i = 0; i < count; ++i) {
      const int fd = static_cast<int>(events[i].data.u64 & 0xffffffff);
      const auto generation = static_cast<uint32_t>(events[i].data.u64 >> 32);
      if (fd == wake_.get()) {
        uint64_t ignored;
        [[maybe_unused]] ssize_t n = read(fd, &ignored, sizeof ignored);
        continue;
      }
      if (static_cast<size_t>(fd) >= handlers_.size()) continue;
      const Registration& registration = handlers_[static_cast<size_t>(fd)];
      if (registration.handler == nullptr || registration.generation != generation) continue;
      registration.handler->on_io(events[i].events);
    }
    fire_timers();
    run_posted();
  }

  Result<> add(int fd, uint32_t events, IoHandler* handler) override {
    const uint32_t generation = ++generation_;
    epoll_event event{.events = events, .data = {.u64 = pack(fd, generation)}};
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return fail_errno("epoll_ctl add");
    if (static_cast<size_t>(fd) >= handlers_.size()) handlers_.resize(static_cast<size_t>(fd) * 2 + 64);
    handlers_[static_cast<size_t>(fd)] = {handler, generation};
    return {};
  }

  void modify(int fd, uint32_t events) override {
    LF_INVARIANT(is_added(fd), "modify() of a descriptor that was not added");
    epoll_event event{.events = events,
                      .data = {.u64 = pack(fd, handlers_[static_cast<size_t>(fd)].generation)}};
    LF_INVARIANT(epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0);
  }

  void remove(int fd) override {
    if (!is_added(fd)) return;
    handlers_[static_cast<size_t>(fd)] = {};
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);  // fails harmlessly if already closed
  }

  TimerId after_ms(int64_t delay_ms, Task task) override {
    const int64_t due = clock_.monotonic_ns() + std::max<int64_t>(delay_ms, 0) * 1'000'000;
    const TimerId id = ++timer_id_;
    timers_.emplace(std::pair{due, id}, std::move(task));
    due_of_[id] = due;
    return id;
  }

  void cancel(TimerId id) override {
    auto it = due_of_.find(id);
    if (it == due_of_.end()) return;
    timers_.erase({it->second, id});
    due_of_.erase(it);
  }

  void post(Task task) override {
    {
      std::lock_guard lock(mutex_);
      posted_.push_back(std::move(task));
    }
    // Who posted before has woken the loop, and it has not looked since.
    if (has_posted_.exchange(true)) return;
    // The loop's own thread looks before it waits again; others have to wake it.
    if (thread_.load() == std::this_thread::get_id()) return;
    const uint64_t one = 1;
    [[maybe_unused]] ssize_t n = write(wake_.get(), &one, sizeof one);
  }

  const Clock& clock() const override { return clock_; }

 private:
  struct Registration {
    IoHandler* handler = nullptr;
    uint32_t generation = 0;
  };

  bool is_added(int fd) const {
    return fd >= 0 && static_cast<size_t>(fd) < handlers_.size() &&
           handlers_[static_cast<size_t>(fd)].handler != nullptr;
  }

  static uint64_t pack(int fd, uint32_t generation) {
    return static_cast<uint64_t>(generation) << 32 | static_cast<uint32_t>(fd);
  }

  int wait_ms(int limit_ms) const {
    if (has_posted_.load()) return 0;
    if (timers_.empty()) return limit_ms;
    const int64_t ns = timers_.begin()->first.first - clock_.monotonic_ns();
    const int due_ms =
        ns <= 0 ? 0 : static_cast<int>(std::min<int64_t>((ns + 999'999) / 1'000'000, 1'000'000));
    return limit_ms < 0 ? due_ms : std::min(limit_ms, due_ms);
  }

  void fire_timers() {
    if (timers_.empty()) return;
    const int64_t now = clock_.monotonic_ns();
    while (!timers_.empty() && timers_.begin()->first.first <= now) {
      auto node = timers_.extract(timers_.begin());
      due_of_.erase(node.key().second);
      node.mapped()();
    }
  }

  void run_posted() {
    if (!has_posted_.load()) return;
    LF_INVARIANT(running_.empty(), "no task runs the loop");
    {
      has_posted_.store(false);
      std::lock_guard lock(mutex_);
      running_.swap(posted_);
    }
    for (Task& task : running_) task();
    running_.clear();
  }

  UniqueFd epoll_, wake_;
  const Clock& clock_;
  std::vector<Registration> handlers_;  // by descriptor: small numbers, dense
  uint32_t generation_ = 0;
  std::map<std::pair<int64_t, TimerId>, Task> timers_;  // by (due, id)
  std::unordered_map<TimerId, int64_t> due_of_;
  TimerId timer_id_ = 0;
  std::mutex mutex_;
  std::vector<Task> posted_;
  std::vector<Task> running_;  // those that were posted, while they run; its memory is the next ones'
  std::atomic<bool> has_posted_ = false;
  // That ran the loop last. Written before has_posted_ is read, and the other way round in post(): one of
  // both sees the other.
  std::atomic<std::thread::id> thread_;
  bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::create(const Clock& clock) {
  UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail_errno("epoll_create1");
  UniqueFd wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return fail_errno("eventfd");
  epoll_event event{.events = EPOLLIN, .data = {.u64 = static_cast<uint32_t>(wake.get())}};
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.get(), &event) != 0) return fail_errno("epoll_ctl");
  return std::make_unique<EpollLoop>(std::move(epoll), std::move(wake), clock);
}

}  // namespace landfall
