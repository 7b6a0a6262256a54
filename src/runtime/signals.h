// Signals: process signals as loop events, by signalfd.
//
// create() blocks the given signals in the calling thread: make it before other threads start (they inherit
// the mask), and remember that children inherit it too (ChildProcess clears it in its children).
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "runtime/event_loop.h"

namespace landfall {

class Signals final : public IoHandler {
 public:
  using OnSignal = std::move_only_function<void(int signal)>;

  static Result<std::unique_ptr<Signals>> create(EventLoop& loop, const std::vector<int>& signals,
                                                 OnSignal callback);
  ~Signals();
  Signals(const Signals&) = delete;
  void on_io(uint32_t events) override;

 private:
  Signals(EventLoop& loop, UniqueFd fd, OnSignal callback)
      : loop_(loop), fd_(std::move(fd)), callback_(std::move(callback)) {}
  EventLoop& loop_;
  UniqueFd fd_;
  OnSignal callback_;
};

}  // namespace landfall
