// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/metrics.h"

namespace landfall::cloudwatch {

ListMetricsOutput ListMetrics(Call& call, const ListMetricsInput& in) {
  constexpr size_t kPageSize = 500;
  const auto wanted = [&](const MetricRecord& metric) {
    if (in.Namespace && metric.metric_namespace != *in.Namespace) return false;
    if (in.MetricName && metric.name != *in.MetricName) return false;
    for (const DimensionFilter& filter : in.Dimensions) {
      auto it = metric.dimensions.find(filter.Name.value_or(""));
      if (it == metric.dimensions.end() || (filter.Value && *filter.Value != it->second)) return false;
    }
    return true;
  };
  ListMetricsOutput out;
  // The token is the id after which to go on.
  for (auto& [id, metric] : call.rows(kMetrics).all()) {
    if (in.NextToken && id <= *in.NextToken) continue;
    if (!wanted(*metric)) continue;
    if (out.Metrics.size() == kPageSize) return out;
    out.Metrics.push_back({.Namespace = metric->metric_namespace,
                           .MetricName = metric->name,
                           .Dimensions = shown(metric->dimensions)});
    if (out.Metrics.size() == kPageSize) out.NextToken = id;
  }
  out.NextToken.reset();
  return out;
}

}  // namespace landfall::cloudwatch
