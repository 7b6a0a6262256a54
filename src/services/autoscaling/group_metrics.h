// The metrics of a group itself: GroupDesiredCapacity, GroupInServiceInstances, ...
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
#pragma once

#include <string>
#include <vector>

#include "services/autoscaling/store.h"
#include "services/cloudwatch/cloudwatch.h"

namespace landfall::autoscaling {

inline constexpr const char* kGroupMetrics[] = {"GroupMinSize",
                                                "GroupMaxSize",
                                                "GroupDesiredCapacity",
                                                "GroupInServiceInstances",
                                                "GroupPendingInstances",
                                                "GroupStandbyInstances",
                                                "GroupTerminatingInstances",
                                                "GroupTotalInstances",
                                                "GroupInServiceCapacity",
                                                "GroupPendingCapacity",
                                                "GroupStandbyCapacity",
                                                "GroupTerminatingCapacity",
                                                "GroupTotalCapacity"};

// Of those that are enabled. Pure.
std::vector<cloudwatch::Sample> group_metrics(const GroupRecord& record, Timestamp now);

}  // namespace landfall::autoscaling
