#include "services/cloudfront/function_logs.h"

#include <gtest/gtest.h>

#include "gateway/testing.h"
#include "logs/operations.h"

namespace landfall::cloudfront {
namespace {

TEST(FunctionLogs, go_into_one_stream_of_the_functions_group) {
  testing_support::TestPlane t;
  const int64_t now = t.call([](Call& call) { return call.now.unix_ms; });
  for (const char* text : {"r1 first", "r2 second"})
    t.call([&](Call& call) {
      record_log(call, {.account = call.account, .function = "f", .lines = {{now, text}}}, "s");
      return 0;
    });
  const auto streams = t.call([](Call& call) {
    return logs::DescribeLogStreams(call, {.logGroupName = "/aws/cloudfront/function/f"});
  });
  ASSERT_EQ(streams.logStreams.size(), 1u);
  const auto events = t.call([&](Call& call) {
    return logs::GetLogEvents(call, {.logGroupName = "/aws/cloudfront/function/f",
                                     .logStreamName = streams.logStreams[0].logStreamName});
  });
  ASSERT_EQ(events.events.size(), 2u);
  EXPECT_EQ(events.events[1].message, "r2 second");
}

}  // namespace
}  // namespace landfall::cloudfront
