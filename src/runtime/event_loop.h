// EventLoop: one thread's epoll loop with timers and a mailbox. The engine of every role: `control` and
// `host` have one, `edge` has one per worker thread, and a connection stays on its loop for life.
//
// Threads: everything but post() and stop() is called on the loop's own thread.
// Reentrancy: a handler may add, modify or remove any descriptor, itself included; an event already fetched
// for a removed descriptor is dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/result.h"

namespace landfall {

class IoHandler {
 public:
  virtual void on_io(uint32_t events) = 0;  // EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLRDHUP

 protected:
  ~IoHandler() = default;
};

using TimerId = uint64_t;  // 0 is no timer

class EventLoop {
 public:
  using Task = std::move_only_function<void()>;

  static Result<std::unique_ptr<EventLoop>> create(const Clock& clock = Clock::system());
  virtual ~EventLoop() = default;

  virtual void run() = 0;   // until stop()
  virtual void stop() = 0;  // any thread
  // Handles what is ready, waiting at most timeout_ms (-1: until something is). For tests and for run().
  virtual void run_once(int timeout_ms) = 0;

  // The loop does not own the descriptor or the handler; remove() before either goes.
  virtual Result<> add(int fd, uint32_t events, IoHandler* handler) = 0;
  virtual void modify(int fd, uint32_t events) = 0;
  virtual void remove(int fd) = 0;

  virtual TimerId after_ms(int64_t delay_ms, Task task) = 0;
  virtual void cancel(TimerId id) = 0;  // of an id that has fired or of 0: nothing

  virtual void post(Task task) = 0;  // any thread; runs on the loop, in order of posting

  virtual const Clock& clock() const = 0;
};

}  // namespace landfall
