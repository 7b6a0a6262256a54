// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/group_metrics.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty EnableMetricsCollection(Call& call, const EnableMetricsCollectionQuery& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  if (*in.Granularity != "1Minute")
    throw ServiceError("ValidationError", 400, "Invalid granularity: " + *in.Granularity);
  std::vector<std::string> metrics = in.Metrics;
  if (metrics.empty()) metrics.assign(std::begin(kGroupMetrics), std::end(kGroupMetrics));
  auto& enabled = record.shown.EnabledMetrics;
  for (const std::string& metric : metrics) {
    if (std::ranges::find(kGroupMetrics, metric) == std::end(kGroupMetrics))
      throw ServiceError("ValidationError", 400, "Invalid metric: " + metric);
    if (std::ranges::find(enabled, metric, &EnabledMetric::Metric) == enabled.end())
      enabled.push_back({.Metric = metric, .Granularity = in.Granularity});
  }
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
