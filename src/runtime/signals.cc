#include "runtime/signals.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace landfall {

Result<std::unique_ptr<Signals>> Signals::create(EventLoop& loop, const std::vector<int>& signals,
                                                 OnSignal callback) {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : signals) sigaddset(&set, signal);
  if (int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0)
    return fail_errno("pthread_sigmask", error);
  UniqueFd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return fail_errno("signalfd");
  std::unique_ptr<Signals> made(new Signals(loop, std::move(fd), std::move(callback)));
  LF_CHECK(loop.add(made->fd_.get(), EPOLLIN, made.get()));
  return made;
}

Signals::~Signals() { loop_.remove(fd_.get()); }

void Signals::on_io(uint32_t) {
  signalfd_siginfo info;
  // One at a time: the callback may destroy this. What is left makes the descriptor readable again.
  if (read(fd_.get(), &info, sizeof info) == sizeof info) callback_(static_cast<int>(info.ssi_signo));
}

}  // namespace landfall
