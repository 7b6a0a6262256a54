// Groups with the real EC2, ELB and CloudWatch beneath them; host and the clock are played by the test.
#include "services/autoscaling/autoscaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "autoscaling/operations.h"
#include "base/encoding.h"
#include "cloudwatch/operations.h"
#include "codec/fields.h"
#include "ec2/operations.h"
#include "gateway/testing.h"
#include "host/protocol.h"
#include "iam/operations.h"
#include "services/autoscaling/hooks.h"
#include "services/autoscaling/store.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/ec2/ec2.h"
#include "services/ec2/host_testing.h"
#include "services/elbv2/elbv2.h"

namespace landfall::autoscaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::TestPlane;

constexpr char kEc2Trust[] =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

class AutoScalingTest : public testing::Test {
 protected:
  AutoScalingTest() {
    services_[0] = ec2::make_service(t_.plane);
    services_[1] = elbv2::make_service(t_.plane);
    services_[2] = cloudwatch::make_service(t_.plane);
    services_[3] = make_service(t_.plane);
    for (auto& service : services_) service->start();
    t_.settle();
    make_template("app", {});
  }

  template <class Op, class In>
  auto run(Op op, In in) {
    return t_.call([&](Call& call) { return op(call, in); });
  }
  void make_template(const std::string& name, const std::string& profile) {
    ec2::CreateLaunchTemplateRequest request;
    request.LaunchTemplateName = name;
    request.LaunchTemplateData.emplace();
    request.LaunchTemplateData->ImageId = ec2::default_image_id();
    request.LaunchTemplateData->InstanceType = "t3.micro";
    if (!profile.empty()) request.LaunchTemplateData->IamInstanceProfile.emplace().Name = profile;
    run(ec2::CreateLaunchTemplate, request);
  }
  CreateAutoScalingGroupType group(int64_t desired, int64_t most = 10) {
    CreateAutoScalingGroupType in;
    in.AutoScalingGroupName = "g";
    in.LaunchTemplate.emplace().LaunchTemplateName = "app";
    in.MinSize = 0;
    in.MaxSize = most;
    in.DesiredCapacity = desired;
    in.AvailabilityZones = {"us-east-1a", "us-east-1b"};
    return in;
  }
  AutoScalingGroup shown() {
    AutoScalingGroupNamesType in;
    in.AutoScalingGroupNames = {"g"};
    return run(DescribeAutoScalingGroups, in).AutoScalingGroups.at(0);
  }
  std::vector<std::string> states() {
    std::vector<std::string> out;
    for (const Instance& instance : shown().Instances) out.push_back(*instance.LifecycleState);
    return out;
  }
  // Host does what it is told, then control sees it; `seconds` of it.
  void live(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      host_.obey();
      t_.settle(1'000);
    }
  }
  // A metric of the group over the minute that ends now, then a little more than that minute.
  void measure(double value) {
    cloudwatch::MetricDatum datum;
    datum.MetricName = "Load";
    datum.Timestamp = t_.clock.now();
    datum.Value = value;
    cloudwatch::PutMetricDataInput in;
    in.Namespace = "App";
    in.MetricData = {datum};
    run(cloudwatch::PutMetricData, in);
    live(60);
  }

  TestPlane t_;
  std::unique_ptr<Service> services_[4];
  testing_support::ObedientHost host_{t_};
};

}  // namespace

TEST_F(AutoScalingTest, AHookHoldsALaunchUntilItIsCompleted) {
  run(CreateAutoScalingGroup, group(0));
  PutLifecycleHookType hook;
  hook.AutoScalingGroupName = "g";
  hook.LifecycleHookName = "warm";
  EXPECT_THAT(t_.refusal(PutLifecycleHook, hook), HasSubstr("LifecycleTransition"));
  hook.LifecycleTransition = kLaunching;
  hook.HeartbeatTimeout = 60;
  run(PutLifecycleHook, hook);
  run(SetDesiredCapacity, SetDesiredCapacityType{.AutoScalingGroupName = "g", .DesiredCapacity = 2});
  live(10);
  EXPECT_THAT(states(), ElementsAre("Pending:Wait", "Pending:Wait"));
  const std::string id = *shown().Instances[0].InstanceId;
  CompleteLifecycleActionType complete;
  complete.AutoScalingGroupName = "g";
  complete.LifecycleHookName = "warm";
  complete.InstanceId = id;
  complete.LifecycleActionResult = "CONTINUE";
  run(CompleteLifecycleAction, complete);
  live(2);
  EXPECT_THAT(states(), ElementsAre("InService", "Pending:Wait"));
  EXPECT_EQ(t_.refusal(CompleteLifecycleAction, complete),
            "ValidationError: No active Lifecycle Action found with instance ID " + id);
  // Nobody speaks for the other: its time goes by, and silence means ABANDON. Another takes its place.
  const std::string other = *shown().Instances[1].InstanceId;
  live(61);
  for (const Instance& instance : shown().Instances) EXPECT_NE(instance.InstanceId, other);
  EXPECT_THAT(states(), testing::Contains("InService"));
}

TEST_F(AutoScalingTest, AHookHoldsATerminationAndAHeartbeatPutsItsEndOff) {
  run(CreateAutoScalingGroup, group(1));
  PutLifecycleHookType hook;
  hook.AutoScalingGroupName = "g";
  hook.LifecycleHookName = "drain";
  hook.LifecycleTransition = kTerminating;
  hook.HeartbeatTimeout = 30;
  hook.DefaultResult = "CONTINUE";
  run(PutLifecycleHook, hook);
  live(5);
  ASSERT_THAT(states(), ElementsAre("InService"));
  const std::string id = *shown().Instances[0].InstanceId;
  run(SetDesiredCapacity, SetDesiredCapacityType{.AutoScalingGroupName = "g", .DesiredCapacity = 0});
  live(20);
  EXPECT_THAT(states(), ElementsAre("Terminating:Wait"));
  RecordLifecycleActionHeartbeatType beat;
  beat.AutoScalingGroupName = "g";
  beat.LifecycleHookName = "drain";
  beat.InstanceId = id;
  run(RecordLifecycleActionHeartbeat, beat);
  live(20);
  EXPECT_THAT(states(), ElementsAre("Terminating:Wait"));
  live(20);
  EXPECT_THAT(states(), ElementsAre());
}

TEST_F(AutoScalingTest, AScheduledActionFiresAtItsTimeAndARecurringOneAgain) {
  run(CreateAutoScalingGroup, group(0));
  PutScheduledUpdateGroupActionType once;
  once.AutoScalingGroupName = "g";
  once.ScheduledActionName = "once";
  once.StartTime = t_.clock.now().plus_seconds(30);
  once.DesiredCapacity = 1;
  run(PutScheduledUpdateGroupAction, once);
  PutScheduledUpdateGroupActionType minutely;
  minutely.AutoScalingGroupName = "g";
  minutely.ScheduledActionName = "minutely";
  minutely.Recurrence = "*/2 * * * *";
  minutely.MaxSize = 5;
  run(PutScheduledUpdateGroupAction, minutely);
  live(25);
  EXPECT_EQ(shown().DesiredCapacity, 0);
  live(10);
  EXPECT_EQ(shown().DesiredCapacity, 1);
  DescribeScheduledActionsType describe;
  describe.AutoScalingGroupName = "g";
  // What has fired for good is gone.
  EXPECT_EQ(run(DescribeScheduledActions, describe).ScheduledUpdateGroupActions.size(), 1u);
  live(120);
  EXPECT_EQ(shown().MaxSize, 5);
  const auto left = run(DescribeScheduledActions, describe).ScheduledUpdateGroupActions;
  ASSERT_EQ(left.size(), 1u);
  EXPECT_GT(*left[0].StartTime, t_.clock.now());
  once.StartTime = Timestamp{0};
  EXPECT_EQ(t_.refusal(PutScheduledUpdateGroupAction, once),
            "ValidationError: Given start time is in the past");
}

// Terraform's provider sends 0 for what a policy type has not, and expects not to hear of it again.
TEST_F(AutoScalingTest, ACooldownOfZeroSaysNothingAndAnyOtherIsRefusedWhereThePolicyTypeHasNone) {
  run(CreateAutoScalingGroup, group(1));
  PutScalingPolicyType policy;
  policy.AutoScalingGroupName = "g";
  policy.PolicyName = "steps";
  policy.PolicyType = "StepScaling";
  policy.AdjustmentType = "ChangeInCapacity";
  policy.StepAdjustments = {{.MetricIntervalLowerBound = 0, .ScalingAdjustment = 1}};
  policy.Cooldown = 0;
  policy.ScalingAdjustment = 0;
  EXPECT_EQ(t_.refusal(PutScalingPolicy, policy), "");
  DescribePoliciesType describe;
  describe.PolicyNames = {"steps"};
  const auto shown_policy = run(DescribePolicies, describe).ScalingPolicies.at(0);
  EXPECT_FALSE(shown_policy.Cooldown);
  EXPECT_FALSE(shown_policy.ScalingAdjustment);
  policy.Cooldown = 60;
  EXPECT_THAT(t_.refusal(PutScalingPolicy, policy), HasSubstr("Cooldown is not supported"));
  policy.Cooldown.reset();
  policy.ScalingAdjustment = 1;
  EXPECT_THAT(t_.refusal(PutScalingPolicy, policy), HasSubstr("ScalingAdjustment is not supported"));
  PutScalingPolicyType tracking;
  tracking.AutoScalingGroupName = "g";
  tracking.PolicyName = "half";
  tracking.PolicyType = "TargetTrackingScaling";
  tracking.Cooldown = 0;
  tracking.TargetTrackingConfiguration.emplace().TargetValue = 50;
  tracking.TargetTrackingConfiguration->PredefinedMetricSpecification = {.PredefinedMetricType =
                                                                             "ASGAverageCPUUtilization"};
  EXPECT_EQ(t_.refusal(PutScalingPolicy, tracking), "");
  tracking.Cooldown = 60;
  EXPECT_THAT(t_.refusal(PutScalingPolicy, tracking), HasSubstr("Cooldown is not supported"));
}

TEST_F(AutoScalingTest, TargetTrackingOwnsTwoAlarmsAndKeepsTheMetricAtItsTarget) {
  run(CreateAutoScalingGroup, group(2));
  live(5);
  PutScalingPolicyType policy;
  policy.AutoScalingGroupName = "g";
  policy.PolicyName = "half";
  policy.PolicyType = "TargetTrackingScaling";
  EXPECT_THAT(t_.refusal(PutScalingPolicy, policy), HasSubstr("TargetTrackingConfiguration"));
  policy.EstimatedInstanceWarmup = 30;
  auto& tracking = policy.TargetTrackingConfiguration.emplace();
  tracking.TargetValue = 50;
  auto& metric = tracking.CustomizedMetricSpecification.emplace();
  metric.MetricName = "Load";
  metric.Namespace = "App";
  metric.Statistic = "Average";
  const auto put = run(PutScalingPolicy, policy);
  ASSERT_EQ(put.Alarms.size(), 2u);
  EXPECT_THAT(*put.Alarms[0].AlarmName, StartsWith("TargetTracking-g-AlarmHigh-"));
  EXPECT_THAT(*put.Alarms[1].AlarmName, StartsWith("TargetTracking-g-AlarmLow-"));
  // Again: the same alarms.
  EXPECT_EQ(run(PutScalingPolicy, policy).Alarms[0].AlarmName, put.Alarms[0].AlarmName);

  // The load of two instances at 90: the group grows after three minutes of it.
  for (int minute = 0; minute < 6 && shown().DesiredCapacity == 2; ++minute) measure(90);
  EXPECT_EQ(shown().DesiredCapacity, 4);  // 2 * 90 / 50, rounded up
  // Four carry what two did: at the target nothing moves.
  for (int minute = 0; minute < 4; ++minute) measure(46);
  EXPECT_EQ(shown().DesiredCapacity, 4);
  // It shrinks after fifteen minutes well below, not before.
  for (int minute = 0; minute < 13; ++minute) measure(20);
  EXPECT_EQ(shown().DesiredCapacity, 4);
  for (int minute = 0; minute < 6 && shown().DesiredCapacity == 4; ++minute) measure(20);
  EXPECT_EQ(shown().DesiredCapacity, 2);

  DeletePolicyType gone;
  gone.AutoScalingGroupName = "g";
  gone.PolicyName = "half";
  run(DeletePolicy, gone);
  EXPECT_TRUE(run(cloudwatch::DescribeAlarms, cloudwatch::DescribeAlarmsInput{}).MetricAlarms.empty());
}

// The one that may pass the template's role, and its twin that may not: nothing else differs.
TEST_F(AutoScalingTest, AGroupIsMadeByWhoMayPassTheRoleThatItLaunchesWith) {
  run(iam::CreateRole, iam::CreateRoleRequest{.RoleName = "web", .AssumeRolePolicyDocument = kEc2Trust});
  run(iam::CreateInstanceProfile, iam::CreateInstanceProfileRequest{.InstanceProfileName = "web"});
  run(iam::AddRoleToInstanceProfile,
      iam::AddRoleToInstanceProfileRequest{.InstanceProfileName = "web", .RoleName = "web"});
  make_template("with-role", "web");
  CreateAutoScalingGroupType create = group(0);
  create.LaunchTemplate->LaunchTemplateName = "with-role";
  std::vector<std::string> asked;
  const auto as = [&](bool allowed, auto op, auto in) {
    return t_.call([&](Call& call) -> std::string {
      call.authorize = [&](std::string_view action, std::string_view resource,
                           const std::map<std::string, std::string>& context) {
        asked.push_back(std::string(action) + " " + std::string(resource) + " " +
                        context.at("iam:PassedToService"));
        if (!allowed) throw ServiceError("AccessDenied", 403, "no");
      };
      const size_t savepoint = call.txn.savepoint();
      try {
        op(call, in);
      } catch (const ServiceError& error) {
        call.txn.rollback_to(savepoint);
        return error.code();
      }
      return "";
    });
  };
  EXPECT_EQ(as(false, CreateAutoScalingGroup, create), "AccessDenied");
  EXPECT_EQ(as(true, CreateAutoScalingGroup, create), "");
  UpdateAutoScalingGroupType update;
  update.AutoScalingGroupName = "g";
  update.LaunchTemplate.emplace().LaunchTemplateName = "with-role";
  EXPECT_EQ(as(false, UpdateAutoScalingGroup, update), "AccessDenied");
  EXPECT_EQ(as(true, UpdateAutoScalingGroup, update), "");
  EXPECT_THAT(asked, testing::Each("iam:PassRole arn:aws:iam::123456789012:role/web ec2.amazonaws.com"));
  EXPECT_EQ(asked.size(), 4u);
  // What names no template and no role asks for nothing.
  asked.clear();
  UpdateAutoScalingGroupType sizes;
  sizes.AutoScalingGroupName = "g";
  sizes.MaxSize = 3;
  EXPECT_EQ(as(false, UpdateAutoScalingGroup, sizes), "");
}

TEST_F(AutoScalingTest, DeletingAGroupTakesWhatItOwnsWithIt) {
  run(CreateAutoScalingGroup, group(1));
  live(5);
  DeleteAutoScalingGroupType remove;
  remove.AutoScalingGroupName = "g";
  EXPECT_THAT(t_.refusal(DeleteAutoScalingGroup, remove), StartsWith("ResourceInUse: "));
  PutLifecycleHookType hook;
  hook.AutoScalingGroupName = "g";
  hook.LifecycleHookName = "hold";
  hook.LifecycleTransition = kTerminating;
  run(PutLifecycleHook, hook);
  remove.ForceDelete = true;
  run(DeleteAutoScalingGroup, remove);
  live(10);  // by force: no hook holds it
  EXPECT_TRUE(run(DescribeAutoScalingGroups, AutoScalingGroupNamesType{}).AutoScalingGroups.empty());
  t_.call([](Call& call) { EXPECT_TRUE(call.rows(kHooks).all().empty()); });
}

TEST_F(AutoScalingTest, StandbyTakesAnInstanceOutAndBringsItBack) {
  run(CreateAutoScalingGroup, group(2));
  live(5);
  const std::string id = *shown().Instances[0].InstanceId;
  EnterStandbyQuery enter;
  enter.AutoScalingGroupName = "g";
  enter.InstanceIds = {id};
  enter.ShouldDecrementDesiredCapacity = true;
  run(EnterStandby, enter);
  live(3);
  EXPECT_THAT(states(), ElementsAre("Standby", "InService"));
  ExitStandbyQuery exit;
  exit.AutoScalingGroupName = "g";
  exit.InstanceIds = {id};
  run(ExitStandby, exit);
  live(3);
  EXPECT_THAT(states(), ElementsAre("InService", "InService"));
  EXPECT_EQ(shown().DesiredCapacity, 2);
}

TEST_F(AutoScalingTest, PagesAreSmallAndStable) {
  for (const char* name : {"a", "b", "c"}) {
    CreateAutoScalingGroupType in = group(0);
    in.AutoScalingGroupName = name;
    run(CreateAutoScalingGroup, in);
  }
  std::vector<std::string> seen;
  AutoScalingGroupNamesType in;
  in.MaxRecords = 1;
  do {
    const auto page = run(DescribeAutoScalingGroups, in);
    for (const auto& one : page.AutoScalingGroups) seen.push_back(*one.AutoScalingGroupName);
    in.NextToken = page.NextToken;
  } while (in.NextToken);
  EXPECT_THAT(seen, ElementsAre("a", "b", "c"));
}

TEST_F(AutoScalingTest, ARefreshReplacesAllAndKeepsAsManyHealthyAsItSays) {
  run(CreateAutoScalingGroup, group(4));
  live(5);
  std::set<std::string> before;
  for (const Instance& instance : shown().Instances) before.insert(*instance.InstanceId);
  ASSERT_EQ(before.size(), 4u);
  StartInstanceRefreshType in;
  in.AutoScalingGroupName = "g";
  in.Preferences.emplace() = {.MinHealthyPercentage = 50, .InstanceWarmup = 2};
  run(StartInstanceRefresh, in);
  EXPECT_THAT(t_.refusal(StartInstanceRefresh, in), StartsWith("InstanceRefreshInProgress: "));
  size_t least = 4;
  for (int i = 0; i < 60; ++i) {
    live(1);
    const auto now = states();
    least = std::min(least, static_cast<size_t>(std::ranges::count(now, "InService")));
  }
  EXPECT_EQ(least, 2u);
  EXPECT_THAT(states(), ElementsAre("InService", "InService", "InService", "InService"));
  for (const Instance& instance : shown().Instances) EXPECT_FALSE(before.contains(*instance.InstanceId));
  const auto refresh =
      run(DescribeInstanceRefreshes, DescribeInstanceRefreshesType{.AutoScalingGroupName = "g"})
          .InstanceRefreshes.at(0);
  EXPECT_EQ(refresh.Status, "Successful");
  EXPECT_EQ(refresh.PercentageComplete, 100);
  EXPECT_THAT(t_.refusal(CancelInstanceRefresh, CancelInstanceRefreshType{.AutoScalingGroupName = "g"}),
              StartsWith("ActiveInstanceRefreshNotFound: "));
}

TEST_F(AutoScalingTest, ARefreshThatSparesNoneGrowsFirstAndOneThatSkipsWhatMatchesDoesNothing) {
  run(CreateAutoScalingGroup, group(2));
  live(5);
  StartInstanceRefreshType in;
  in.AutoScalingGroupName = "g";
  in.Preferences.emplace() = {.MinHealthyPercentage = 100, .InstanceWarmup = 2, .MaxHealthyPercentage = 150};
  run(StartInstanceRefresh, in);
  size_t least = 2, most = 2;
  for (int i = 0; i < 40; ++i) {
    live(1);
    const auto now = states();
    const auto serving = static_cast<size_t>(std::ranges::count(now, "InService"));
    least = std::min(least, serving);
    most = std::max(most, serving);
  }
  EXPECT_EQ(least, 2u);
  EXPECT_EQ(most, 3u);
  EXPECT_EQ(states().size(), 2u);
  const std::string kept = *shown().Instances[0].InstanceId;
  in.Preferences.emplace() = {.InstanceWarmup = 0, .SkipMatching = true};
  run(StartInstanceRefresh, in);
  live(10);
  EXPECT_EQ(shown().Instances[0].InstanceId, kept);
  EXPECT_EQ(run(DescribeInstanceRefreshes, DescribeInstanceRefreshesType{.AutoScalingGroupName = "g"})
                .InstanceRefreshes.at(0)
                .Status,
            "Successful");
}

TEST_F(AutoScalingTest, ARefreshStandsAtItsCheckpointsAndCanBeCancelled) {
  run(CreateAutoScalingGroup, group(2));
  live(5);
  StartInstanceRefreshType in;
  in.AutoScalingGroupName = "g";
  in.Preferences.emplace() = {.MinHealthyPercentage = 50, .InstanceWarmup = 0};
  in.Preferences->CheckpointPercentages = {50, 100};
  in.Preferences->CheckpointDelay = 300;
  run(StartInstanceRefresh, in);
  live(60);
  const auto refreshes = [&] {
    return run(DescribeInstanceRefreshes, DescribeInstanceRefreshesType{.AutoScalingGroupName = "g"})
        .InstanceRefreshes;
  };
  EXPECT_EQ(refreshes().at(0).Status, "InProgress");
  EXPECT_EQ(refreshes().at(0).PercentageComplete, 50);
  run(CancelInstanceRefresh, CancelInstanceRefreshType{.AutoScalingGroupName = "g"});
  live(400);
  EXPECT_EQ(refreshes().at(0).Status, "Cancelled");
  EXPECT_EQ(refreshes().at(0).PercentageComplete, 50);
}

TEST_F(AutoScalingTest, AMixedInstancesPolicyLaunchesTheFirstOfItsTypes) {
  CreateAutoScalingGroupType in = group(1);
  in.LaunchTemplate.reset();
  MixedInstancesPolicy& policy = in.MixedInstancesPolicy.emplace();
  policy.LaunchTemplate.emplace().LaunchTemplateSpecification.emplace().LaunchTemplateName = "app";
  policy.LaunchTemplate->Overrides = {{.InstanceType = "t3.small"}, {.InstanceType = "t3.micro"}};
  policy.InstancesDistribution.emplace().OnDemandPercentageAboveBaseCapacity = 0;
  EXPECT_THAT(t_.refusal(CreateAutoScalingGroup, in),
              HasSubstr("InstancesDistribution.OnDemandPercentageAboveBaseCapacity (0) is not supported"));
  policy.InstancesDistribution->OnDemandPercentageAboveBaseCapacity = 100;
  run(CreateAutoScalingGroup, in);
  live(5);
  EXPECT_EQ(shown().Instances.at(0).InstanceType, "t3.small");
  EXPECT_EQ(shown().MixedInstancesPolicy->InstancesDistribution->OnDemandAllocationStrategy, "prioritized");
  EXPECT_FALSE(shown().LaunchTemplate);
}

TEST_F(AutoScalingTest, WhatAGroupHasNotIsRefusedByName) {
  CreateAutoScalingGroupType in = group(0);
  in.PlacementGroup = "";  // Terraform's provider says it of none
  in.DesiredCapacityType = "units";
  EXPECT_EQ(t_.refusal(CreateAutoScalingGroup, in), "");
  in.AutoScalingGroupName = "h";
  in.PlacementGroup = "near";
  EXPECT_THAT(t_.refusal(CreateAutoScalingGroup, in), HasSubstr("PlacementGroup (near) is not supported"));
}

}  // namespace landfall::autoscaling
