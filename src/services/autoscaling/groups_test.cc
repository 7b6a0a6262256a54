#include "services/autoscaling/groups.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(next_victim(members), 1);
  members[1].shown.ProtectedFromScaleIn = true;
  EXPECT_EQ(next_victim(members), 2);
  for (Member& one : members) one.shown.ProtectedFromScaleIn = true;
  EXPECT_EQ(next_victim(members), -1);
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
