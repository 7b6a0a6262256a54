#include "runtime/event_loop.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "base/unique_fd.h"

namespace landfall {

TEST(EventLoop, FiresTimersInOrderOfTheirTimeAndNotThoseCancelled) {
  ManualClock clock;
  auto loop = EventLoop::create(clock).value();
  std::vector<int> fired;
  loop->after_ms(20, [&] { fired.push_back(20); });
  loop->after_ms(10, [&] { fired.push_back(10); });
  TimerId cancelled = loop->after_ms(15, [&] { fired.push_back(15); });
  loop->cancel(cancelled);
  loop->run_once(0);
  EXPECT_TRUE(fired.empty());
  clock.advance_ms(25);
  loop->run_once(0);
  EXPECT_EQ(fired, (std::vector{10, 20}));
}

TEST(EventLoop, RunsWhatOtherThreadsPost) {
  auto loop = EventLoop::create().value();
  int ran = 0;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) loop->post([&] { ++ran; });
    loop->stop();
  });
  loop->run();
  other.join();
  EXPECT_EQ(ran, 100);
}

TEST(EventLoop, DropsTheEventOfADescriptorRemovedInTheSameRound) {
  auto loop = EventLoop::create().value();
  int pipes[2][2];
  ASSERT_EQ(pipe(pipes[0]), 0);
  ASSERT_EQ(pipe(pipes[1]), 0);
  struct Remover : IoHandler {
    EventLoop* loop;
    int other;
    int calls = 0;
    void on_io(uint32_t) override {
      ++calls;
      loop->remove(other);
    }
  } a, b;
  a.loop = b.loop = loop.get();
  a.other = pipes[1][0];
  b.other = pipes[0][0];
  ASSERT_TRUE(loop->add(pipes[0][0], EPOLLIN, &a));
  ASSERT_TRUE(loop->add(pipes[1][0], EPOLLIN, &b));
  ASSERT_EQ(write(pipes[0][1], "x", 1), 1);
  ASSERT_EQ(write(pipes[1][1], "x", 1), 1);
  loop->run_once(0);
  EXPECT_EQ(a.calls + b.calls, 1);
  for (auto& p : pipes) {
    close(p[0]);
    close(p[1]);
  }
}

}  // namespace landfall
