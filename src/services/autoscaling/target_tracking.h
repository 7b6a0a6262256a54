// Target tracking: the two alarms that a policy owns, and the capacity that brings its metric to the target.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

// AWS scales out when the metric was above the target for three minutes, and in when it was more than a tenth
// below it for fifteen.
inline constexpr int64_t kHighPeriods = 3, kLowPeriods = 15;
inline constexpr double kLowFactor = 0.9;

void check_target_tracking(const TargetTrackingConfiguration& configuration);  // throws ValidationError
// Makes the policy's alarms as its configuration says; names are kept. Fills policy.Alarms.
void put_tracking_alarms(Call& call, ScalingPolicy& policy);
void delete_tracking_alarms(Call& call, const ScalingPolicy& policy);
// The alarm went off: moves the group to the capacity at which the metric is at its target.
void track(Call& call, const PolicyRecord& policy, std::string_view alarm_name);

}  // namespace landfall::autoscaling
