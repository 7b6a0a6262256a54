#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing.h"
#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/filter_pattern.h"
#include "services/logs/logs.h"
#include "services/logs/store.h"

namespace landfall::logs {
namespace {

using testing::ElementsAre;

class LogsTest : public testing::Test {
 protected:
  void SetUp() override {
    service_ = make_service(t_.plane);
    service_->start();
    t_.call([&](Call& call) { return CreateLogGroup(call, {.logGroupName = "/app/web"}); });
    stream("a");
  }
  void stream(const std::string& name) {
    t_.call([&](Call& call) {
      return CreateLogStream(call, {.logGroupName = "/app/web", .logStreamName = name});
    });
  }
  PutLogEventsResponse put(const std::string& stream, std::vector<std::pair<int64_t, std::string>> events) {
    PutLogEventsRequest in{.logGroupName = "/app/web", .logStreamName = stream};
    for (auto& [ms, message] : events) in.logEvents.push_back({.timestamp = ms, .message = message});
    return t_.call([&](Call& call) { return PutLogEvents(call, in); });
  }
  GetLogEventsResponse get(GetLogEventsRequest in) {
    in.logGroupName = "/app/web";
    in.logStreamName = "a";
    return t_.call([&](Call& call) { return GetLogEvents(call, in); });
  }
  FilterLogEventsResponse filter(FilterLogEventsRequest in) {
    in.logGroupName = "/app/web";
    return t_.call([&](Call& call) { return FilterLogEvents(call, in); });
  }
  template <class T>
  static std::vector<std::string> messages(const T& response) {
    std::vector<std::string> out;
    for (const auto& event : response.events) out.push_back(*event.message);
    return out;
  }
  int64_t now() { return t_.clock.now().unix_ms; }

  testing_support::TestPlane t_;
  std::unique_ptr<Service> service_;
};

TEST_F(LogsTest, EventsAreReadInOrderOfTimeWhateverTheOrderOfTheirBatches) {
  put("a", {{now() - 10, "second"}, {now(), "fourth"}});
  put("a", {{now() - 20, "first"}, {now() - 5, "third"}});
  EXPECT_THAT(messages(get({.startFromHead = true})), ElementsAre("first", "second", "third", "fourth"));
  EXPECT_THAT(messages(get({.startTime = now() - 10, .endTime = now()})), ElementsAre("second", "third"));
}

TEST_F(LogsTest, PagesWalkForwardsAndBackwardsAndEndWithTheTokenThatWasGiven) {
  put("a", {{now(), "1"}, {now(), "2"}, {now() + 1, "3"}});
  auto page = get({.limit = 2, .startFromHead = true});
  EXPECT_THAT(messages(page), ElementsAre("1", "2"));
  auto next = get({.nextToken = page.nextForwardToken, .limit = 2});
  EXPECT_THAT(messages(next), ElementsAre("3"));
  auto end = get({.nextToken = next.nextForwardToken, .limit = 2});
  EXPECT_THAT(messages(end), ElementsAre());
  EXPECT_EQ(end.nextForwardToken, next.nextForwardToken);
  EXPECT_THAT(messages(get({.nextToken = end.nextBackwardToken, .limit = 2})), ElementsAre("2", "3"));
  EXPECT_THAT(messages(get({.nextToken = next.nextBackwardToken})), ElementsAre("1", "2"));
  put("a", {{now() + 2, "4"}});
  EXPECT_THAT(messages(get({.nextToken = end.nextForwardToken})), ElementsAre("4"));
}

TEST_F(LogsTest, WithoutATokenTheNewestEventsComeFirst) {
  put("a", {{now(), "1"}, {now(), "2"}, {now(), "3"}});
  EXPECT_THAT(messages(get({.limit = 2})), ElementsAre("2", "3"));
}

TEST_F(LogsTest, AFollowerOfAnEmptyStreamSeesItsFirstEvent) {
  const auto empty = get({.startFromHead = true});
  put("a", {{now() - 1000, "hello"}});
  EXPECT_THAT(messages(get({.nextToken = empty.nextForwardToken})), ElementsAre("hello"));
}

TEST_F(LogsTest, FilterSearchesAllStreamsByPattern) {
  stream("b");
  put("a", {{now(), "ERROR disk full"}, {now() + 2, "INFO ok"}});
  put("b", {{now() + 1, "ERROR code=17"}});
  EXPECT_THAT(messages(filter({.filterPattern = "ERROR"})), ElementsAre("ERROR disk full", "ERROR code=17"));
  EXPECT_THAT(messages(filter({.logStreamNames = {"b"}})), ElementsAre("ERROR code=17"));
  const auto page = filter({.filterPattern = "ERROR", .limit = 1});
  EXPECT_THAT(messages(page), ElementsAre("ERROR disk full"));
  EXPECT_THAT(messages(filter({.filterPattern = "ERROR", .nextToken = page.nextToken, .limit = 1})),
              ElementsAre("ERROR code=17"));
  EXPECT_THROW(filter({.filterPattern = "{ $.x = 1 }"}), InvalidParameterException);
}

TEST_F(LogsTest, PatternsAreTermsPhrasesOptionsExclusionsAndExpressions) {
  const auto matches = [](const char* pattern, const char* message) {
    return FilterPattern::parse(pattern)->matches(message);
  };
  EXPECT_TRUE(matches("", "anything"));
  EXPECT_TRUE(matches("a b", "b then a"));
  EXPECT_FALSE(matches("a b", "a"));
  EXPECT_TRUE(matches("\"a b\"", "x a b"));
  EXPECT_FALSE(matches("\"a b\"", "a  b"));
  EXPECT_TRUE(matches("?x ?y", "y"));
  EXPECT_FALSE(matches("a -b", "ab"));
  EXPECT_TRUE(matches("%co[dk]e=\\d+%", "coke=5"));
  EXPECT_FALSE(FilterPattern::parse("%(%"));
}

TEST_F(LogsTest, EventsTooOldTooNewOrExpiredAreRejectedAndTheRestKept) {
  auto old = put("a", {{now() - 15 * kDayMs, "old"}});
  EXPECT_EQ(old.rejectedLogEventsInfo->tooOldLogEventEndIndex, 1);
  auto future = put("a", {{now(), "now"}, {now() + 3 * 3'600'000, "future"}});
  EXPECT_EQ(future.rejectedLogEventsInfo->tooNewLogEventStartIndex, 1);
  t_.call([&](Call& call) {
    return PutRetentionPolicy(call, {.logGroupName = "/app/web", .retentionInDays = 1});
  });
  auto expired = put("a", {{now() - 2 * kDayMs, "expired"}});
  EXPECT_EQ(expired.rejectedLogEventsInfo->expiredLogEventEndIndex, 1);
  EXPECT_THAT(messages(get({})), ElementsAre("now"));
  EXPECT_THROW(put("a", {{now(), "x"}, {now() - 1, "y"}}), InvalidParameterException);
  EXPECT_THROW(put("a", {{now() - kDayMs - 2, "x"}, {now(), "y"}}), InvalidParameterException);
}

TEST_F(LogsTest, RetentionDeletesWhatIsTooOld) {
  put("a", {{now(), "old"}});
  t_.call([&](Call& call) {
    return PutRetentionPolicy(call, {.logGroupName = "/app/web", .retentionInDays = 1});
  });
  t_.settle(kDayMs - 1000);
  put("a", {{now(), "new"}});
  t_.settle(3'600'000);
  EXPECT_THAT(messages(get({})), ElementsAre("new"));
  size_t chunks = 0;
  t_.store->each("logs.events/", [&](std::string_view, const store::Document&) { ++chunks; });
  EXPECT_EQ(chunks, 1u);
  EXPECT_THROW(t_.call([&](Call& call) {
    return PutRetentionPolicy(call, {.logGroupName = "/app/web", .retentionInDays = 2});
  }),
               InvalidParameterException);
}

TEST_F(LogsTest, DeletingAGroupLeavesNothing) {
  put("a", {{now(), "x"}});
  t_.call([&](Call& call) { return DeleteLogGroup(call, {.logGroupName = "/app/web"}); });
  size_t left = 0;
  t_.store->each("logs.", [&](std::string_view, const store::Document&) { ++left; });
  EXPECT_EQ(left, 0u);
  EXPECT_THROW(get({}), ResourceNotFoundException);
}

TEST_F(LogsTest, GroupsAreListedInPagesByPrefixAndWithTheirArns) {
  for (const char* name : {"/app/api", "/other"})
    t_.call([&](Call& call) { return CreateLogGroup(call, {.logGroupName = name}); });
  const auto list = [&](DescribeLogGroupsRequest in) {
    return t_.call([&](Call& call) { return DescribeLogGroups(call, in); });
  };
  auto page = list({.logGroupNamePrefix = "/app/", .limit = 1});
  ASSERT_EQ(page.logGroups.size(), 1u);
  EXPECT_EQ(page.logGroups[0].arn, "arn:aws:logs:us-east-1:123456789012:log-group:/app/api:*");
  EXPECT_EQ(page.logGroups[0].logGroupArn, "arn:aws:logs:us-east-1:123456789012:log-group:/app/api");
  page = list({.logGroupNamePrefix = "/app/", .nextToken = page.nextToken, .limit = 1});
  EXPECT_EQ(page.logGroups[0].logGroupName, "/app/web");
  EXPECT_FALSE(page.nextToken);
  EXPECT_THROW(t_.call([&](Call& call) { return CreateLogGroup(call, {.logGroupName = "/other"}); }),
               ResourceAlreadyExistsException);
}

TEST_F(LogsTest, StreamsAreListedByNameAndByTheirLastEvent) {
  stream("b");
  stream("c");
  put("c", {{now(), "x"}});
  put("b", {{now() + 1, "x"}});
  const auto names = [&](DescribeLogStreamsRequest in) {
    in.logGroupName = "/app/web";
    std::vector<std::string> out;
    do {
      auto page = t_.call([&](Call& call) { return DescribeLogStreams(call, in); });
      for (const auto& stream : page.logStreams) out.push_back(*stream.logStreamName);
      in.nextToken = page.nextToken;
    } while (in.nextToken);
    return out;
  };
  EXPECT_THAT(names({.limit = 1}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(names({.orderBy = "LastEventTime", .descending = true, .limit = 1}),
              ElementsAre("b", "c", "a"));
  EXPECT_THAT(names({.logStreamNamePrefix = "b"}), ElementsAre("b"));
}

}  // namespace
}  // namespace landfall::logs
