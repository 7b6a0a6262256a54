// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DisableMetricsCollection.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty DisableMetricsCollection(Call& call, const DisableMetricsCollectionQuery& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  std::erase_if(record.shown.EnabledMetrics, [&](const EnabledMetric& enabled) {
    return in.Metrics.empty() || std::ranges::find(in.Metrics, *enabled.Metric) != in.Metrics.end();
  });
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
