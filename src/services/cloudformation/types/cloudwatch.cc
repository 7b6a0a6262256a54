// AWS::CloudWatch::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

std::string put_alarm(Work& w, const object& p, std::string name) {
  object input = pick(
      p, {"AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions", "InsufficientDataActions",
          "MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit",
          "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData"});
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
      .updatable = {"AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions",
                    "InsufficientDataActions", "MetricName", "Namespace", "Statistic", "Dimensions", "Period",
                    "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator",
                    "TreatMissingData"},
      .update = [](Work& w, const object&, const object& p, Model& m) { put_alarm(w, p, m.physical_id); },
  });
}

}  // namespace landfall::cloudformation
