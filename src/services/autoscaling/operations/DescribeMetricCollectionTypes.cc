// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeMetricCollectionTypes.html
#include "autoscaling/operations.h"
#include "services/autoscaling/group_metrics.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DescribeMetricCollectionTypesAnswer DescribeMetricCollectionTypes(Call&, const aws::Empty&) {
  DescribeMetricCollectionTypesAnswer out;
  for (const char* metric : kGroupMetrics) out.Metrics.push_back({.Metric = metric});
  out.Granularities.push_back({.Granularity = "1Minute"});
  return out;
}

}  // namespace landfall::autoscaling
