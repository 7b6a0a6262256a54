#include "services/autoscaling/groups.h"

#include <gtest/gtest.h>

#include "services/autoscaling/cron.h"
#include "services/autoscaling/hooks.h"
#include "services/autoscaling/scaling.h"

namespace landfall::autoscaling {
namespace {

Member member(const char* id, const char* zone, int64_t launched, const char* state = "InService") {
  return {.shown = {.InstanceId = id, .AvailabilityZone = zone, .LifecycleState = state},
          .launched = {launched}};
}

}  // namespace

TEST(NextPlace, IsTheZoneWithTheFewestThatStay) {
  const std::vector<Place> places{{"s-a", "a"}, {"s-b", "b"}};
  EXPECT_EQ(next_place(places, {}).subnet_id, "s-a");
  EXPECT_EQ(next_place(places, {member("1", "a", 1)}).subnet_id, "s-b");
  EXPECT_EQ(next_place(places, {member("1", "a", 1, "Terminating"), member("2", "b", 1)}).subnet_id, "s-a");
}

TEST(NextVictim, IsTheOldestOfTheFullestZoneAndNeverAProtectedOne) {
  std::vector<Member> members{member("1", "a", 1), member("2", "b", 2), member("3", "b", 3)};
  EXPECT_EQ(next_victim(members, {"Default"}), 1);
  members[1].shown.ProtectedFromScaleIn = true;
  EXPECT_EQ(next_victim(members, {"Default"}), 2);
  for (Member& one : members) one.shown.ProtectedFromScaleIn = true;
  EXPECT_EQ(next_victim(members, {"Default"}), -1);
}

TEST(NextVictim, FollowsTheTerminationPoliciesWithinTheFullestZone) {
  std::vector<Member> members{member("1", "a", 1), member("2", "a", 2), member("3", "a", 3),
                              member("4", "b", 0)};
  EXPECT_EQ(next_victim(members, {"OldestInstance"}), 0);
  EXPECT_EQ(next_victim(members, {"NewestInstance"}), 2);
  for (Member& one : members) one.shown.LaunchTemplate = LaunchTemplateSpecification{.Version = "2"};
  members[1].shown.LaunchTemplate->Version = "1";
  EXPECT_EQ(next_victim(members, {"Default"}), 1);
  EXPECT_EQ(next_victim(members, {"OldestLaunchTemplate", "NewestInstance"}), 1);
}

TEST(Capacity, OfATrackedMetricIsWhereItWouldBeAtItsTarget) {
  EXPECT_EQ(tracked_capacity(2, 90, 50), 4);  // 180 / 50
  EXPECT_EQ(tracked_capacity(3, 50, 50), 3);
  EXPECT_EQ(tracked_capacity(4, 10, 50), 1);
  EXPECT_EQ(tracked_capacity(2, 40, 50), 2);  // one alone would be over the target
  // Two of four still warm up: what the warm ones ask for has been ordered already.
  EXPECT_EQ(combined_capacity(4, tracked_capacity(2, 90, 50), Direction::out), 4);
  EXPECT_EQ(combined_capacity(4, 2, Direction::in), 2);
}

TEST(WarmMembers, AreInServiceForTheWarmUp) {
  std::vector<Member> members{member("1", "a", 0), member("2", "a", 0), member("3", "a", 0, "Pending:Wait")};
  members[0].in_service = {0};
  members[1].in_service = {50'000};
  EXPECT_EQ(warm_members(members, {60'000}, 60), 1);
  EXPECT_EQ(warm_members(members, {110'000}, 60), 2);
}

TEST(Hooks, HoldUntilAllHaveSpokenOrTheirTimeIsUp) {
  std::vector<HookWait> waits{
      {.hook = "a", .default_result = "CONTINUE", .heartbeat_until = {100}, .until = {500}},
      {.hook = "b", .default_result = "ABANDON", .heartbeat_until = {200}, .until = {150}}};
  EXPECT_EQ(verdict(waits, {0}), HookVerdict::wait);
  waits[0].result = "CONTINUE";
  EXPECT_EQ(verdict(waits, {140}), HookVerdict::wait);
  EXPECT_EQ(verdict(waits, {150}), HookVerdict::abandon);  // b's global timeout
  waits[1].result = "CONTINUE";
  EXPECT_EQ(verdict(waits, {150}), HookVerdict::go_on);
  EXPECT_EQ(verdict({}, {0}), HookVerdict::go_on);
}

namespace {

std::string next(const char* recurrence, const char* after, const TimeZone& zone = TimeZone::utc()) {
  const auto at = Cron::parse(recurrence)->next_after(*parse_iso8601(after), zone);
  return at ? format_iso8601(*at) : "never";
}

}  // namespace

TEST(Cron, FiresAtTheNextTimeThatItsFieldsFit) {
  EXPECT_EQ(next("0 9 * * *", "2026-11-22T09:00:00Z"), "2026-11-23T09:00:00Z");
  EXPECT_EQ(next("*/15 * * * *", "2026-11-22T09:01:00Z"), "2026-11-22T09:15:00Z");
  EXPECT_EQ(next("30 8 * * MON-FRI", "2026-11-20T10:00:00Z"), "2026-11-23T08:30:00Z");  // over a weekend
  EXPECT_EQ(next("0 0 1,15 * *", "2026-11-02T00:00:00Z"), "2026-11-15T00:00:00Z");
  EXPECT_EQ(next("0 0 29 2 *", "2026-01-01T00:00:00Z"), "2028-02-29T00:00:00Z");
  EXPECT_EQ(next("0 0 30 2 *", "2026-01-01T00:00:00Z"), "never");
  // Day of month and of week both given: either.
  EXPECT_EQ(next("0 0 13 * 5", "2026-11-21T00:00:00Z"), "2026-11-27T00:00:00Z");
  EXPECT_EQ(next("0 0 * * 7", "2026-11-21T00:00:00Z"), "2026-11-22T00:00:00Z");  // Sunday is 0 and 7
}

TEST(Cron, RefusesWhatIsNoRecurrence) {
  for (const char* text : {"", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "5-1 * * * *",
                           "*/0 * * * *", "* * * * FOO", "* * * * * *"})
    EXPECT_FALSE(Cron::parse(text)) << text;
}

TEST(Cron, FollowsTheZonesSummerTime) {
  const auto zone = TimeZone::find("America/New_York");
  if (!zone) GTEST_SKIP() << "this machine has no time zone database";
  EXPECT_EQ(next("0 9 * * *", "2026-01-10T00:00:00Z", *zone), "2026-01-10T14:00:00Z");
  EXPECT_EQ(next("0 9 * * *", "2026-07-10T00:00:00Z", *zone), "2026-07-10T13:00:00Z");
  EXPECT_FALSE(TimeZone::find("../../etc/passwd"));
  EXPECT_FALSE(TimeZone::parse("TZif2"));
}

TEST(AdjustedCapacity, FollowsTheAdjustmentTypes) {
  ScalingPolicy policy{
      .PolicyType = "SimpleScaling", .AdjustmentType = "ChangeInCapacity", .ScalingAdjustment = -1};
  EXPECT_EQ(adjusted_capacity(policy, 4, 0), 3);
  policy.AdjustmentType = "ExactCapacity";
  policy.ScalingAdjustment = 7;
  EXPECT_EQ(adjusted_capacity(policy, 4, 0), 7);
  policy.AdjustmentType = "PercentChangeInCapacity";
  policy.ScalingAdjustment = 10;
  EXPECT_EQ(adjusted_capacity(policy, 4, 0), 5);  // 0.4 rounds up to 1
  policy.ScalingAdjustment = 40;
  EXPECT_EQ(adjusted_capacity(policy, 4, 0), 5);  // 1.6 rounds down
  policy.ScalingAdjustment = -40;
  EXPECT_EQ(adjusted_capacity(policy, 4, 0), 3);
}

TEST(AdjustedCapacity, ChoosesTheStepThatTheBreachIsIn) {
  ScalingPolicy policy{.PolicyType = "StepScaling", .AdjustmentType = "ChangeInCapacity"};
  policy.StepAdjustments = {
      {.MetricIntervalLowerBound = 0, .MetricIntervalUpperBound = 10, .ScalingAdjustment = 1},
      {.MetricIntervalLowerBound = 10, .ScalingAdjustment = 3}};
  EXPECT_EQ(adjusted_capacity(policy, 2, 5), 3);
  EXPECT_EQ(adjusted_capacity(policy, 2, 10), 5);
  EXPECT_EQ(adjusted_capacity(policy, 2, -1), 2);
}

}  // namespace landfall::autoscaling
