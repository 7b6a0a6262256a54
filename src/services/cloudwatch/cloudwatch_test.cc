#include "services/cloudwatch/cloudwatch.h"

#include <gtest/gtest.h>

#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "gateway/testing.h"
#include "services/cloudwatch/alarms.h"

namespace landfall::cloudwatch {
namespace {

MetricAlarm alarm_over(double threshold, int64_t periods) {
  MetricAlarm alarm;
  alarm.ComparisonOperator = "GreaterThanThreshold";
  alarm.Threshold = threshold;
  alarm.EvaluationPeriods = periods;
  return alarm;
}

}  // namespace

TEST(Alarm, GoesOffWhenEveryPeriodBreachesAndNotBefore) {
  EXPECT_EQ(judge(alarm_over(5, 2), {6, 7}).state, "ALARM");
  EXPECT_EQ(judge(alarm_over(5, 2), {5, 7}).state, "OK");
  MetricAlarm two_of_three = alarm_over(5, 3);
  two_of_three.DatapointsToAlarm = 2;
  EXPECT_EQ(judge(two_of_three, {6, 1, 7}).state, "ALARM");
}

TEST(Alarm, TreatsMissingDataAsItWasTold) {
  MetricAlarm alarm = alarm_over(5, 2);
  EXPECT_EQ(judge(alarm, {std::nullopt, std::nullopt}).state, "INSUFFICIENT_DATA");
  alarm.TreatMissingData = "breaching";
  EXPECT_EQ(judge(alarm, {std::nullopt, std::nullopt}).state, "ALARM");
  alarm.TreatMissingData = "notBreaching";
  EXPECT_EQ(judge(alarm, {std::nullopt, std::nullopt}).state, "OK");
  alarm.TreatMissingData = "ignore";
  EXPECT_EQ(judge(alarm, {std::nullopt, std::nullopt}).state, "");
}

TEST(Metrics, WhatIsPutIsReadBackByPeriod) {
  testing_support::TestPlane t;
  t.call([&](Call& call) {
    const int64_t start = call.now.unix_seconds() / 300 * 300;
    for (int64_t minute = -5; minute < 0; ++minute)
      PutMetricData(call, {.Namespace = "App",
                           .MetricData = {{.MetricName = "Latency",
                                           .Dimensions = {{.Name = "Host", .Value = "a"}},
                                           .Timestamp = Timestamp{(start + minute * 60) * 1000},
                                           .Value = static_cast<double>(minute)}}});
    const auto out =
        GetMetricStatistics(call, {.Namespace = "App",
                                   .MetricName = "Latency",
                                   .Dimensions = {{.Name = "Host", .Value = "a"}},
                                   .StartTime = Timestamp{(start - 300) * 1000},
                                   .EndTime = Timestamp{start * 1000},
                                   .Period = 300,
                                   .Statistics = {"Average", "Sum", "Minimum", "Maximum", "SampleCount"}});
    ASSERT_EQ(out.Datapoints.size(), 1u);
    EXPECT_EQ(out.Datapoints[0].Sum, -15);
    EXPECT_EQ(out.Datapoints[0].Average, -3);
    EXPECT_EQ(out.Datapoints[0].Minimum, -5);
    EXPECT_EQ(out.Datapoints[0].SampleCount, 5);
    EXPECT_TRUE(GetMetricStatistics(call, {.Namespace = "App",
                                           .MetricName = "Latency",
                                           .StartTime = Timestamp{(start - 300) * 1000},
                                           .EndTime = Timestamp{start * 1000},
                                           .Period = 300,
                                           .Statistics = {"Sum"}})
                    .Datapoints.empty());
    EXPECT_EQ(ListMetrics(call, {.Namespace = "App"}).Metrics.size(), 1u);
  });
}

TEST(Metrics, RefusesWhatAwsRefuses) {
  testing_support::TestPlane t;
  t.call([&](Call& call) {
    EXPECT_THROW(
        PutMetricData(call, {.Namespace = "AWS/EC2", .MetricData = {{.MetricName = "x", .Value = 1}}}),
        ServiceError);
    EXPECT_THROW(PutMetricData(call, {.Namespace = "App", .MetricData = {{.MetricName = "x"}}}),
                 ServiceError);
    EXPECT_THROW(
        PutMetricData(call, {.Namespace = "App",
                             .MetricData = {{.MetricName = "x", .Timestamp = Timestamp{0}, .Value = 1}}}),
        ServiceError);
    EXPECT_THROW(DeleteAlarms(call, {.AlarmNames = {"none"}}), ServiceError);
  });
}

TEST(Alarm, RunsItsActionWhenTheDataCrossesTheThreshold) {
  testing_support::TestPlane t;
  std::vector<std::string> acted;
  handle_actions("arn:aws:test:",
                 [&](Call&, std::string_view arn, std::string_view) { acted.emplace_back(arn); });
  auto service = make_service(t.plane);
  service->start();
  t.call([&](Call& call) {
    PutMetricAlarm(call, {.AlarmName = "hot",
                          .AlarmActions = {"arn:aws:test:up"},
                          .MetricName = "x",
                          .Namespace = "App",
                          .Statistic = "Average",
                          .Period = 60,
                          .EvaluationPeriods = 1,
                          .Threshold = 5,
                          .ComparisonOperator = "GreaterThanThreshold"});
    PutMetricData(
        call, {.Namespace = "App", .MetricData = {{.MetricName = "x", .Timestamp = call.now, .Value = 9}}});
  });
  t.settle();
  EXPECT_TRUE(acted.empty());  // the minute is not over
  t.settle(61'000);
  EXPECT_EQ(acted, std::vector<std::string>{"arn:aws:test:up"});
  t.call([&](Call& call) { EXPECT_EQ(DescribeAlarms(call, {}).MetricAlarms.at(0).StateValue, "ALARM"); });
}

TEST(Dashboard, IsKeptAsItWasPutAndListedByPrefix) {
  testing_support::TestPlane t;
  const std::string body = R"({"widgets": []})";
  for (const char* name : {"app-b", "app-a", "other"})
    t.call([&](Call& call) { return PutDashboard(call, {.DashboardName = name, .DashboardBody = body}); });
  auto got = t.call([&](Call& call) { return GetDashboard(call, {.DashboardName = "app-a"}); });
  EXPECT_EQ(got.DashboardBody, body);
  EXPECT_EQ(got.DashboardArn, "arn:aws:cloudwatch::123456789012:dashboard/app-a");
  auto list = t.call([&](Call& call) { return ListDashboards(call, {.DashboardNamePrefix = "app-"}); });
  ASSERT_EQ(list.DashboardEntries.size(), 2u);
  EXPECT_EQ(list.DashboardEntries[0].DashboardName, "app-a");
  EXPECT_THROW(
      t.call([&](Call& call) { return PutDashboard(call, {.DashboardName = "x", .DashboardBody = "[1]"}); }),
      DashboardInvalidInputError);
  EXPECT_THROW(
      t.call([&](Call& call) { return DeleteDashboards(call, {.DashboardNames = {"app-a", "none"}}); }),
      DashboardNotFoundError);
  t.call([&](Call& call) { return DeleteDashboards(call, {.DashboardNames = {"app-a"}}); });
  EXPECT_THROW(t.call([&](Call& call) { return GetDashboard(call, {.DashboardName = "app-a"}); }),
               DashboardNotFoundError);
}

TEST(AlarmTags, AreSetReadAndRemovedByArn) {
  testing_support::TestPlane t;
  t.call([&](Call& call) {
    return PutMetricAlarm(call, {.AlarmName = "high",
                                 .MetricName = "CPUUtilization",
                                 .Namespace = "AWS/EC2",
                                 .Statistic = "Average",
                                 .Period = 60,
                                 .EvaluationPeriods = 1,
                                 .Threshold = 80.0,
                                 .ComparisonOperator = "GreaterThanThreshold",
                                 .Tags = {{"a", "1"}}});
  });
  const std::string arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:high";
  t.call([&](Call& call) { return TagResource(call, {.ResourceARN = arn, .Tags = {{"b", "2"}}}); });
  t.call([&](Call& call) { return UntagResource(call, {.ResourceARN = arn, .TagKeys = {"a"}}); });
  auto tags = t.call([&](Call& call) { return ListTagsForResource(call, {.ResourceARN = arn}); }).Tags;
  ASSERT_EQ(tags.size(), 1u);
  EXPECT_EQ(tags[0].Key, "b");
  EXPECT_THROW(t.call([&](Call& call) { return ListTagsForResource(call, {.ResourceARN = arn + "x"}); }),
               ResourceNotFoundException);
}

}  // namespace landfall::cloudwatch
