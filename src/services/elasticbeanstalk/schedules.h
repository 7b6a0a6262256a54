// Time-based scaling: the options of aws:autoscaling:scheduledaction, whose resource name is the action's.
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html#command-options-general-autoscalingscheduledaction
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "services/elasticbeanstalk/store.h"

namespace landfall::elasticbeanstalk {

struct SchedulePlan {
  std::optional<Timestamp> start, end;
  std::optional<std::string> recurrence;  // of cron, in UTC
  std::optional<int64_t> min_size, max_size, desired;
  bool suspended = false;
};

// By the actions' names. Throws ConfigurationValidationException for what cannot be.
std::map<std::string, SchedulePlan> schedules_of(const Settings& settings);

// Makes the group's scheduled actions what the plan wants: `made` has the names of those that are there, and
// is what is there afterwards. `call` is the service's own.
void apply_schedules(Call& call, const std::string& group, const std::map<std::string, SchedulePlan>& wanted,
                     std::vector<std::string>& made);

}  // namespace landfall::elasticbeanstalk
