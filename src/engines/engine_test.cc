#include "engines/engine.h"

#include <gtest/gtest.h>

namespace landfall::engines {

TEST(Engine, IsReadyOnlyAfterItsLastStart) {
  EXPECT_FALSE(console_says_ready(""));
  EXPECT_FALSE(console_says_ready("landfall-engine: start\nx\n"));
  EXPECT_TRUE(console_says_ready("landfall-engine: start\nx\nlandfall-engine: ready\n"));
  EXPECT_FALSE(console_says_ready("landfall-engine: ready\nlandfall-engine: start\n"));
}

TEST(RunTool, GivesInputAndReportsWhatAFailurePrinted) {
  EXPECT_TRUE(run_tool({"/bin/grep", "-q", "x"}, "x\n"));
  const auto failed = run_tool({"/bin/sh", "-c", "echo why; exit 3"});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("3: why"), std::string::npos);
}

TEST(Redis, ATokenThatIsBeingRotatedCountsBesideTheOneBeforeIt) {
  RedisConfig config{.auth_token = Secret("new\"token")};
  EXPECT_NE(redis_settings(config).find("\nrequirepass \"new\\\"token\"\nmasterauth \"new\\\"token\"\n"),
            std::string::npos);
  config.previous_auth_token = Secret("old");
  const std::string both = redis_settings(config);
  EXPECT_NE(
      both.find("\nuser default on \">new\\\"token\" \">old\" ~* &* +@all\nmasterauth \"new\\\"token\"\n"),
      std::string::npos);
  EXPECT_EQ(both.find("requirepass"), std::string::npos);
  config.auth_token = Secret();
  EXPECT_EQ(redis_settings(config).find("old"), std::string::npos);
}

}  // namespace landfall::engines
