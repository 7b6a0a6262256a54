#include "reconcile/queue.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace landfall::reconcile {

struct QueueTest : testing::Test {
  ManualClock clock;
  std::unique_ptr<EventLoop> loop = EventLoop::create(clock).value();
  Queue queue{*loop};
  int runs = 0;
  void turn(int64_t ms = 0) {
    clock.advance_ms(ms);
    for (int i = 0; i < 4; ++i) loop->run_once(0);
  }
};

TEST_F(QueueTest, DoesAResourceOnceHoweverOftenItIsEnqueued) {
  queue.add("r", [&](std::string_view) { return ++runs, Outcome::done(); });
  for (int i = 0; i < 5; ++i) queue.enqueue("r", "a");
  turn();
  EXPECT_EQ(runs, 1);
  queue.enqueue("r", "a");
  turn();
  EXPECT_EQ(runs, 2);
}

TEST_F(QueueTest, RetriesAFailureWithBackoffAndForgetsItOnSuccess) {
  bool well = false;
  queue.add("r", [&](std::string_view) {
    ++runs;
    if (!well) throw std::runtime_error("no");
    return Outcome::done();
  });
  queue.enqueue("r", "a");
  turn();
  EXPECT_EQ(runs, 1);
  turn(99);
  EXPECT_EQ(runs, 1);
  turn(2);
  EXPECT_EQ(runs, 2);
  ASSERT_EQ(queue.troubles().size(), 1u);
  EXPECT_EQ(queue.troubles()[0].error, "no");
  EXPECT_EQ(queue.troubles()[0].failures, 2);
  well = true;
  turn(201);
  EXPECT_EQ(runs, 3);
  EXPECT_TRUE(queue.troubles().empty());
}

TEST_F(QueueTest, ComesBackAfterTheTimeAskedFor) {
  queue.add("r", [&](std::string_view) { return ++runs, runs < 3 ? Outcome::after(50) : Outcome::done(); });
  queue.enqueue("r", "a");
  turn();
  turn(51);
  turn(51);
  turn(51);
  EXPECT_EQ(runs, 3);
}

}  // namespace landfall::reconcile
