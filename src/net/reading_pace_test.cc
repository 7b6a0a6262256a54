#include "net/reading_pace.h"

#include <gtest/gtest.h>

namespace landfall::net {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr uint64_t kLeastAWindow = kLeastPaceBytesPerS * kPaceWindowMs / 1000;

// Asked each second for `seconds`, while `bytes_per_s` are taken: when it was too slow, or -1.
int64_t too_slow_after(ReadingPace& pace, int64_t seconds, uint64_t bytes_per_s, uint64_t sharers = 1) {
  for (int64_t s = 0; s <= seconds; ++s)
    if (pace.too_slow((s + 1) * kSecond, kPaceWindowMs, true, bytes_per_s * static_cast<uint64_t>(s),
                      sharers))
      return s;
  return -1;
}

TEST(ReadingPace, LetsGoOfAPeerThatTakesAByteNowAndThen) {
  ReadingPace none, one, nearly;
  EXPECT_EQ(too_slow_after(none, 100, 0), 60);
  EXPECT_EQ(too_slow_after(one, 100, 1), 60);
  EXPECT_EQ(too_slow_after(nearly, 100, kLeastPaceBytesPerS - 1), 60);
}

TEST(ReadingPace, LeavesAloneWhoTakesTheLeast) {
  ReadingPace slow;
  EXPECT_EQ(too_slow_after(slow, 10'000, kLeastPaceBytesPerS), -1);
  ReadingPace bursts;  // all of it in the last second of each window
  uint64_t taken = 0;
  for (int64_t s = 0; s < 1'000; ++s) {
    if (s % 60 == 59) taken += kLeastAWindow;
    EXPECT_FALSE(bursts.too_slow((s + 1) * kSecond, kPaceWindowMs, true, taken)) << s;
  }
}

TEST(ReadingPace, CountsOnlyTimeInWhichThePeerIsWaitedFor) {
  ReadingPace pace;  // an answer of a byte a minute, which the peer takes at once
  for (int64_t s = 0; s < 1'000; ++s)
    EXPECT_FALSE(pace.too_slow((s + 1) * kSecond, kPaceWindowMs, s % 50 != 0, 0)) << s;
}

TEST(ReadingPace, IsSharedByTheStreamsOfAConnection) {
  ReadingPace one_of_many, one_of_two;
  EXPECT_EQ(too_slow_after(one_of_many, 1'000, 2, 120), -1);
  EXPECT_EQ(too_slow_after(one_of_two, 1'000, 2, 2), 60);
}

}  // namespace
}  // namespace landfall::net
