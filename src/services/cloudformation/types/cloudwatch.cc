// AWS::CloudWatch::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

// As PutMetricAlarm has them.
constexpr std::string_view kAlarmProperties[] = {"AlarmDescription",
                                                 "ActionsEnabled",
                                                 "OKActions",
                                                 "AlarmActions",
                                                 "InsufficientDataActions",
                                                 "MetricName",
                                                 "Namespace",
                                                 "Statistic",
                                                 "ExtendedStatistic",
                                                 "Dimensions",
                                                 "Period",
                                                 "Unit",
                                                 "EvaluationPeriods",
                                                 "DatapointsToAlarm",
                                                 "Threshold",
                                                 "ComparisonOperator",
                                                 "TreatMissingData",
                                                 "Metrics",
                                                 "ThresholdMetricId",
                                                 "EvaluateLowSampleCountPercentile"};

std::string put_alarm(Work& w, const object& p, std::string name) {
  object input = pick(p, kAlarmProperties);
  input["AlarmName"] = name;
  input["Tags"] = w.tags(p);
  w.invoke("cloudwatch", "PutMetricAlarm", input);
  return name;
}

}  // namespace

void add_cloudwatch_types(Registry& registry) {
  registry["AWS::CloudWatch::Alarm"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name =
                put_alarm(w, p, p.contains("AlarmName") ? text_at(p, "AlarmName") : w.generated_name(255));
            return Model{.physical_id = name,
                         .attributes = {{"Arn", w.call.arn("cloudwatch", "alarm:" + name)}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("cloudwatch", "DeleteAlarms", {{"AlarmNames", {m.physical_id}}}); },
                {"ResourceNotFound"});
          },
      .fixed = {"AlarmName"},
      .updatable = set_of(kAlarmProperties, {"Tags"}),
      .required = {"EvaluationPeriods", "ComparisonOperator"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            put_alarm(w, p, m.physical_id);
            if (!w.tags_differ(before, p)) return;
            const std::string arn = w.call.arn("cloudwatch", "alarm:" + m.physical_id);
            if (const json::array gone = w.tags_gone(before, p); !gone.empty())
              w.invoke("cloudwatch", "UntagResource", {{"ResourceARN", arn}, {"TagKeys", gone}});
            w.invoke("cloudwatch", "TagResource", {{"ResourceARN", arn}, {"Tags", w.tags(p)}});
          },
  });
  registry["AWS::CloudWatch::Dashboard"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name =
                p.contains("DashboardName") ? text_at(p, "DashboardName") : w.generated_name(255);
            w.invoke("cloudwatch", "PutDashboard",
                     {{"DashboardName", name}, {"DashboardBody", text_at(p, "DashboardBody")}});
            return Model{.physical_id = name};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("cloudwatch", "DeleteDashboards", {{"DashboardNames", {m.physical_id}}}); },
                {"DashboardNotFoundError"});
          },
      .fixed = {"DashboardName"},
      .updatable = {"DashboardBody"},
      .required = {"DashboardBody"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("cloudwatch", "PutDashboard",
                     {{"DashboardName", m.physical_id}, {"DashboardBody", text_at(p, "DashboardBody")}});
          },
  });
}

}  // namespace landfall::cloudformation
