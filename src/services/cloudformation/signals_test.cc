#include "services/cloudformation/signals.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "cloudformation/operations.h"
#include "gateway/testing.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const ServiceError& error) {
    return error.message();
  }
  return "";
}

CreationPolicy policy_of(const char* text) { return creation_policy_of(json::parse(text)).value(); }

ResourceRecord in_progress() {
  return {.logical_id = "Web", .status = "CREATE_IN_PROGRESS", .updated = Timestamp{1'000'000}};
}
Timestamp after(int64_t seconds) { return Timestamp{1'000'000}.plus_seconds(seconds); }

}  // namespace

TEST(Durations, AreHoursMinutesAndSecondsInThatOrder) {
  EXPECT_EQ(seconds_of_duration("PT15M"), 900);
  EXPECT_EQ(seconds_of_duration("PT1H30M5S"), 5405);
  for (const char* text : {"", "PT", "15M", "PTM", "PT5", "PT5M1H", "PT5X", "PT-5M", "PT13H"})
    EXPECT_NE(message_of([&] { seconds_of_duration(text); }), "") << text;
}

TEST(CreationPolicies, HaveCloudFormationsDefaultsAndTakeNumbersAsTexts) {
  EXPECT_EQ(policy_of(R"({"ResourceSignal":{}})").count, 1);
  EXPECT_EQ(policy_of(R"({"ResourceSignal":{}})").timeout_seconds, 300);
  EXPECT_EQ(policy_of(R"({"ResourceSignal":{"Count":"3","Timeout":"PT1M"}})").count, 3);
  EXPECT_EQ(
      policy_of(
          R"({"AutoScalingCreationPolicy":{"MinSuccessfulInstancesPercent":50},"ResourceSignal":{"Count":3}})")
          .needed(),
      2);
  EXPECT_FALSE(creation_policy_of(json::parse(R"({"StartFleet":true})")));
  EXPECT_NE(message_of([] { policy_of(R"({"ResourceSignal":{"Count":"some"}})"); }), "");
}

TEST(Signals, OfWhichThereAreEnoughCompleteTheResourceAndNoneIsCountedTwice) {
  const CreationPolicy two = policy_of(R"({"ResourceSignal":{"Count":2,"Timeout":"PT1M"}})");
  ResourceRecord web = in_progress();
  take_signal(web, "i-1", "SUCCESS");
  EXPECT_FALSE(signalled(two, web, after(59)));
  EXPECT_NE(message_of([&] { take_signal(web, "i-1", "SUCCESS"); }), "");
  EXPECT_FALSE(signalled(two, web, after(59)));
  take_signal(web, "i-2", "SUCCESS");
  EXPECT_TRUE(signalled(two, web, after(600)));
}

TEST(Signals, ThatDoNotComeInTimeFailTheResource) {
  const CreationPolicy two = policy_of(R"({"ResourceSignal":{"Count":2,"Timeout":"PT1M"}})");
  ResourceRecord web = in_progress();
  take_signal(web, "i-1", "SUCCESS");
  EXPECT_EQ(message_of([&] { signalled(two, web, after(60)); }),
            "Failed to receive 1 resource signal(s) within the specified duration");
}

TEST(Signals, OfFailureFailTheResourceOnceTheRestIsTooFew) {
  ResourceRecord web = in_progress();
  take_signal(web, "i-1", "SUCCESS");
  take_signal(web, "i-1", "FAILURE");  // it has thought better of it
  EXPECT_NE(message_of([&] { take_signal(web, "i-1", "FAILURE"); }), "");
  const char* half =
      R"({"AutoScalingCreationPolicy":{"MinSuccessfulInstancesPercent":50},"ResourceSignal":{"Count":2}})";
  EXPECT_FALSE(signalled(policy_of(half), web, after(1)));
  EXPECT_EQ(message_of([&] { signalled(policy_of(R"({"ResourceSignal":{"Count":2}})"), web, after(1)); }),
            "Received 1 FAILURE signal(s) out of 2. Unable to satisfy 100% MinSuccessfulInstancesPercent "
            "requirement");
}

TEST(Signals, AreRefusedOfWhatIsNotUnderWay) {
  ResourceRecord web = in_progress();
  EXPECT_NE(message_of([&] { take_signal(web, "i-1", "MAYBE"); }), "");
  web.status = "CREATE_COMPLETE";
  EXPECT_EQ(message_of([&] { take_signal(web, "i-1", "SUCCESS"); }),
            "Resource Web is in CREATE_COMPLETE state and can not be signaled.");
}

TEST(Signals, AreKeptUpToALimit) {
  ResourceRecord web = in_progress();
  for (size_t i = 0; i < kMaxSignals; ++i) take_signal(web, std::to_string(i), "SUCCESS");
  EXPECT_EQ(message_of([&] { take_signal(web, "one more", "SUCCESS"); }),
            "Resource Web has 1000 signals already.");
  take_signal(web, "7", "FAILURE");  // a known one may still change
  EXPECT_EQ(web.signals.at("7"), "FAILURE");
  EXPECT_EQ(web.signals.size(), kMaxSignals);
}

TEST(Signals, AreTakenByTheStackAndToldAsEvents) {
  testing_support::TestPlane t;
  t.call([](Call& call) {
    StackRecord stack = new_stack(call, "web");
    stack.status = "CREATE_IN_PROGRESS";
    stack.resources["Web"] = in_progress();
    put_stack(call, stack);
    SignalResourceInput in{
        .StackName = "web", .LogicalResourceId = "Web", .UniqueId = "i-1", .Status = "SUCCESS"};
    SignalResource(call, in);
    EXPECT_EQ(find_stack(call, "web").record.resources.at("Web").signals.at("i-1"), "SUCCESS");
    const auto events = DescribeStackEvents(call, {.StackName = "web"}).StackEvents;
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].ResourceStatusReason, "Received SUCCESS signal with UniqueId i-1");
    in.LogicalResourceId = "Other";
    EXPECT_NE(message_of([&] { SignalResource(call, in); }), "");
    stack = find_stack(call, "web").record;
    stack.status = "CREATE_COMPLETE";
    put_stack(call, stack);
    in.LogicalResourceId = "Web";
    EXPECT_NE(message_of([&] { SignalResource(call, in); }), "");
  });
}

}  // namespace landfall::cloudformation
