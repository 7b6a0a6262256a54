#include "services/cloudwatch/cloudwatch.h"

#include <gtest/gtest.h>

#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "gateway/testing.h"
#include "services/cloudwatch/alarms.h"
#include "services/cloudwatch/queries.h"

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

TEST(Percentile, IsExactForSamplesAndGoesByTheAverageOfASummary) {
  EXPECT_DOUBLE_EQ(percentile({{.minute = 1, .count = 1, .sum = 5, .minimum = 5, .maximum = 5}}, 99), 5);
  std::vector<Point> samples;
  for (int64_t i = 1; i <= 100; ++i) {
    const auto v = static_cast<double>(i);
    samples.push_back({.minute = i, .count = 1, .sum = v, .minimum = v, .maximum = v});
  }
  EXPECT_NEAR(percentile(samples, 95), 95, 1e-6);
  // 90 of a hundred below the average of 10, and the rest up to 100.
  const std::vector<Point> skewed{{.minute = 1, .count = 100, .sum = 1000, .minimum = 0, .maximum = 100}};
  EXPECT_NEAR(percentile(skewed, 90), 10, 1e-6);
  EXPECT_NEAR(percentile(skewed, 99), 91, 1e-6);
  EXPECT_EQ(percentile_of("p99.9"), 99.9);
  EXPECT_EQ(percentile_of("p101"), std::nullopt);
  EXPECT_EQ(percentile_of("tm99"), std::nullopt);
}

namespace {

MetricDataQuery metric(const std::string& id, const std::string& name, bool returned = false) {
  MetricDataQuery query{.Id = id, .ReturnData = returned};
  query.MetricStat =
      MetricStat{.Metric = Metric{.Namespace = "App", .MetricName = name}, .Period = 60, .Stat = "Sum"};
  return query;
}
MetricDataQuery expression(const std::string& id, const std::string& text, bool returned = true) {
  return {.Id = id, .Expression = text, .ReturnData = returned};
}
PutMetricAlarmInput alarm_on(std::vector<MetricDataQuery> queries) {
  return {.AlarmName = "a",
          .EvaluationPeriods = 1,
          .Threshold = 5,
          .ComparisonOperator = "GreaterThanThreshold",
          .Metrics = std::move(queries)};
}

}  // namespace

TEST(MetricMath, IsReadByExpressionsOverEachOther) {
  testing_support::TestPlane t;
  t.call([&](Call& call) {
    const int64_t start = call.now.unix_seconds() / 60 * 60 - 120;
    const auto put = [&](const char* name, int64_t minute, double value) {
      PutMetricData(call, {.Namespace = "App",
                           .MetricData = {{.MetricName = name,
                                           .Timestamp = Timestamp{(start + minute * 60) * 1000},
                                           .Value = value}}});
    };
    put("Errors", 0, 2);
    put("Errors", 1, 1);
    put("Requests", 0, 10);
    const auto out =
        GetMetricData(call, {.MetricDataQueries = {expression("percent", "rate * 100"),
                                                   expression("rate", "FILL(e, 0) / r", false),
                                                   metric("e", "Errors"), metric("r", "Requests")},
                             .StartTime = Timestamp{start * 1000},
                             .EndTime = Timestamp{(start + 120) * 1000},
                             .ScanBy = "TimestampAscending"});
    ASSERT_EQ(out.MetricDataResults.size(), 1u);
    EXPECT_EQ(out.MetricDataResults[0].Values, std::vector<double>{20});
  });
}

TEST(MetricMath, AnAlarmWatchesOneOfItsQueries) {
  testing_support::TestPlane t;
  EXPECT_EQ(t.refusal(PutMetricAlarm, alarm_on({expression("x", "e * 2"), metric("e", "Errors")})), "");
  const auto refused = [&](std::vector<MetricDataQuery> queries) {
    return t.refusal(PutMetricAlarm, alarm_on(std::move(queries)));
  };
  EXPECT_NE(refused({expression("x", "e * 2"), metric("e", "Errors", true)}).find("Exactly one"),
            std::string::npos);
  EXPECT_NE(refused({expression("x", "nobody * 2")}).find("ids that there are not"), std::string::npos);
  EXPECT_NE(refused({expression("x", "e *"), metric("e", "Errors")}).find("ends too early"),
            std::string::npos);
  EXPECT_NE(refused({expression("x", "y", true), expression("y", "x", false)}).find("itself"),
            std::string::npos);
  auto both = alarm_on({metric("e", "Errors", true)});
  both.MetricName = "Errors";
  EXPECT_NE(t.refusal(PutMetricAlarm, both).find("together with Metrics"), std::string::npos);
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
