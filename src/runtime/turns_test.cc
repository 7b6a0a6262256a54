// All work before the first sends; nobody waits long for another; whoever goes away is no longer met.
#include "runtime/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "runtime/event_loop.h"

namespace landfall {
namespace {

using ::testing::ElementsAre;

class TurnsTest : public ::testing::Test {
 protected:
  // Works once, and sends what it made, as a transaction does.
  struct Taker final : TurnTaker {
    Taker(TurnsTest& test, std::string name) : test(test), name(std::move(name)) {}
    ~Taker() {
      if (test.turns_) test.turns_->leave(*this);
    }
    void take_turn() override {
      if (!worked) {
        worked = true;
        test.log_.push_back(name + " works");
        if (working) working();
      }
      if (!test.turns_ || test.turns_->hold(*this)) return;
      test.log_.push_back(name + " sends");
      worked = false;
      if (const auto last = sending) last();  // may end this
    }
    TurnsTest& test;
    std::string name;
    bool worked = false;
    std::function<void()> working, sending;
  };

  void turn() { loop_->run_once(0); }

  ManualClock clock_;
  std::unique_ptr<EventLoop> loop_ = EventLoop::create(clock_).value();
  std::vector<std::string> log_;
  std::unique_ptr<Turns> turns_ = std::make_unique<Turns>(*loop_);
};

TEST_F(TurnsTest, AllWorkBeforeTheFirstSends) {
  Taker a(*this, "a"), b(*this, "b");
  turns_->join(a);
  turns_->join(b);
  turns_->join(a);  // once is enough
  turn();
  EXPECT_THAT(log_, ElementsAre("a works", "b works", "a sends", "b sends"));
  turn();
  EXPECT_EQ(log_.size(), 4);
}

TEST_F(TurnsTest, OutsideOfTurnsNothingIsHeld) {
  Taker a(*this, "a");
  a.take_turn();
  EXPECT_THAT(log_, ElementsAre("a works", "a sends"));
}

TEST_F(TurnsTest, WhatOneSendsDoesNotWaitForTheSlowWorkOfOthers) {
  Taker a(*this, "a"), slow(*this, "slow"), c(*this, "c");
  slow.working = [this] { clock_.advance_ms(1); };
  for (Taker* each : {&a, &slow, &c}) turns_->join(*each);
  turn();
  EXPECT_THAT(log_, ElementsAre("a works", "slow works", "a sends", "slow sends", "c works", "c sends"));
}

TEST_F(TurnsTest, AsManyAsAreBoundDoNotWaitForTheEndOfTheEvents) {
  std::vector<std::unique_ptr<Taker>> takers;
  for (size_t i = 0; i < kTurns; ++i) {
    EXPECT_TRUE(log_.empty());
    takers.push_back(std::make_unique<Taker>(*this, std::to_string(i)));
    turns_->join(*takers.back());
  }
  EXPECT_EQ(log_.size(), 2 * kTurns);
  turn();
  EXPECT_EQ(log_.size(), 2 * kTurns);
}

TEST_F(TurnsTest, OneThatEndsBeforeItsTurnIsNotMet) {
  auto gone = std::make_unique<Taker>(*this, "gone");
  Taker b(*this, "b");
  turns_->join(*gone);
  turns_->join(b);
  gone.reset();
  turn();
  EXPECT_THAT(log_, ElementsAre("b works", "b sends"));
}

// As an HTTP/2 stream's transaction does that is cancelled while its turn is due, and serves the next stream.
TEST_F(TurnsTest, OneThatLeftBeforeItsTurnMayComeBackOrEnd) {
  Taker back(*this, "back");
  auto ends = std::make_unique<Taker>(*this, "ends");
  turns_->join(back);
  turns_->join(*ends);
  turns_->leave(back);
  turns_->leave(*ends);
  turn();
  EXPECT_THAT(log_, ElementsAre());
  ends.reset();
  turns_->join(back);
  turn();
  EXPECT_THAT(log_, ElementsAre("back works", "back sends"));
}

TEST_F(TurnsTest, OneThatEndsInAnothersTurnIsNotMet) {
  Taker a(*this, "a");
  auto waiting = std::make_unique<Taker>(*this, "waiting"), held = std::make_unique<Taker>(*this, "held");
  a.working = [&waiting] { waiting.reset(); };
  a.sending = [&held] { held.reset(); };
  turns_->join(a);
  turns_->join(*waiting);
  turns_->join(*held);
  turn();
  EXPECT_THAT(log_, ElementsAre("a works", "held works", "a sends"));
}

TEST_F(TurnsTest, OneMayEndInItsOwnTurn) {
  auto self = std::make_unique<Taker>(*this, "self");
  self->sending = [&self] { self.reset(); };
  turns_->join(*self);
  turn();
  EXPECT_THAT(log_, ElementsAre("self works", "self sends"));
}

TEST_F(TurnsTest, ATurnMayEndAllOfThem) {
  for (const bool while_sending : {false, true}) {
    log_.clear();
    turns_ = std::make_unique<Turns>(*loop_);
    Taker a(*this, "a"), b(*this, "b");
    (while_sending ? a.sending : a.working) = [this] { turns_.reset(); };
    turns_->join(a);
    turns_->join(b);
    turn();
    EXPECT_EQ(log_.back(), while_sending ? "a sends" : "a works");
  }
}

TEST_F(TurnsTest, OneThatJoinsInATurnGetsTheNext) {
  Taker a(*this, "a"), b(*this, "b");
  a.working = [&] { turns_->join(b); };
  b.sending = [&] { turns_->join(a), b.sending = nullptr, a.working = nullptr; };
  turns_->join(a);
  for (int i = 0; i < 3; ++i) turn();
  EXPECT_THAT(log_, ElementsAre("a works", "a sends", "b works", "b sends", "a works", "a sends"));
}

}  // namespace
}  // namespace landfall
