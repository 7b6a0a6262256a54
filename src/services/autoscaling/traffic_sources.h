// Where a group registers its instances: target groups, under that name or as traffic sources.
#pragma once

#include <string>
#include <vector>

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

// The ARN; throws ValidationError for kinds of sources that Landfall has not.
std::string target_group_of(const TrafficSourceIdentifier& source);
void add_target_group(AutoScalingGroup& group, const std::string& arn);      // once
void check_target_groups(Call& call, const std::vector<std::string>& arns);  // throws ValidationError

// Registers the instances in service, or takes them off.
void attach_target_groups(Call& call, const std::string& group, const std::vector<std::string>& arns);
void detach_target_groups(Call& call, const std::string& group, const std::vector<std::string>& arns);

}  // namespace landfall::autoscaling
