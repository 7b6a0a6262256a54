#include "services/autoscaling/group_metrics.h"

#include <algorithm>
#include <string_view>

namespace landfall::autoscaling {
namespace {

double value_of(const GroupRecord& record, std::string_view metric) {
  const AutoScalingGroup& group = record.shown;
  if (metric == "GroupMinSize") return static_cast<double>(*group.MinSize);
  if (metric == "GroupMaxSize") return static_cast<double>(*group.MaxSize);
  if (metric == "GroupDesiredCapacity") return static_cast<double>(*group.DesiredCapacity);
  metric.remove_prefix(std::string_view("Group").size());
  // Capacity is counted in instances: Landfall's have no weights.
  for (const std::string_view unit : {"Instances", "Capacity"})
    if (metric.ends_with(unit)) metric.remove_suffix(unit.size());
  return static_cast<double>(std::ranges::count_if(record.members, [&](const Member& member) {
    return metric == "Total" || member.shown.LifecycleState->starts_with(metric);
  }));
}

}  // namespace

std::vector<cloudwatch::Sample> group_metrics(const GroupRecord& record, Timestamp now) {
  std::vector<cloudwatch::Sample> samples;
  for (const EnabledMetric& metric : record.shown.EnabledMetrics)
    samples.push_back(cloudwatch::single("AWS/AutoScaling", *metric.Metric,
                                         {{"AutoScalingGroupName", *record.shown.AutoScalingGroupName}},
                                         value_of(record, *metric.Metric), now, "None"));
  return samples;
}

}  // namespace landfall::autoscaling
