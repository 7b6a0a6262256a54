#include "services/elasticbeanstalk/schedules.h"

#include <algorithm>

#include "autoscaling/operations.h"
#include "services/elasticbeanstalk/options.h"

namespace landfall::elasticbeanstalk {
namespace {

constexpr char kSchedule[] = "aws:autoscaling:scheduledaction";

Timestamp time_of(const std::string& option, const std::string& text) {
  const auto time = parse_iso8601(text);
  if (!time) refuse_option(kSchedule, option, text, "must be a time in ISO 8601");
  return *time;
}

void take(SchedulePlan& plan, const Options& options, const std::string& option, const std::string& value) {
  if (option == "StartTime") plan.start = time_of(option, value);
  if (option == "EndTime") plan.end = time_of(option, value);
  if (option == "Recurrence") plan.recurrence = value;
  if (option == "MinSize") plan.min_size = options.number(kSchedule, option, 0);
  if (option == "MaxSize") plan.max_size = options.number(kSchedule, option, 0);
  if (option == "DesiredCapacity") plan.desired = options.number(kSchedule, option, 0);
  if (option == "Suspend") plan.suspended = options.flag(kSchedule, option, false);
}

}  // namespace

std::map<std::string, SchedulePlan> schedules_of(const Settings& settings) {
  std::map<std::string, SchedulePlan> plans;
  for (const ConfigurationOptionSetting& one : settings) {
    if (one.Namespace != kSchedule || one.Value.value_or("").empty()) continue;
    if (one.ResourceName.value_or("").empty())
      refuse_option(kSchedule, one.OptionName.value_or(""), *one.Value,
                    "the name of the scheduled action is missing: give it as ResourceName");
    const Settings alone{one};
    take(plans[*one.ResourceName], Options(alone), one.OptionName.value_or(""), *one.Value);
  }
  for (const auto& [name, plan] : plans) {
    if (!plan.start && !plan.recurrence)
      refuse_option(kSchedule, "StartTime", "", name + " needs a StartTime or a Recurrence");
    if (!plan.min_size && !plan.max_size && !plan.desired)
      refuse_option(kSchedule, "MinSize", "", name + " needs a MinSize, a MaxSize or a DesiredCapacity");
  }
  return plans;
}

void apply_schedules(Call& call, const std::string& group, const std::map<std::string, SchedulePlan>& wanted,
                     std::vector<std::string>& made) {
  const auto is_wanted = [&](const std::string& name) {
    const auto plan = wanted.find(name);
    return plan != wanted.end() && !plan->second.suspended;
  };
  for (const std::string& name : made) {
    if (is_wanted(name)) continue;
    try {
      autoscaling::DeleteScheduledAction(call, {.AutoScalingGroupName = group, .ScheduledActionName = name});
    } catch (const ServiceError& error) {
      if (error.code() != "ValidationError") throw;  // over: Auto Scaling has forgotten it
    }
  }
  made.clear();
  for (const auto& [name, plan] : wanted) {
    // Over: Auto Scaling would refuse it.
    const bool over =
        (plan.end && *plan.end <= call.now) || (plan.start && *plan.start <= call.now && !plan.recurrence);
    if (plan.suspended || over) continue;
    autoscaling::PutScheduledUpdateGroupActionType in{.AutoScalingGroupName = group,
                                                      .ScheduledActionName = name};
    in.StartTime = plan.start;
    in.EndTime = plan.end;
    in.Recurrence = plan.recurrence;
    in.MinSize = plan.min_size;
    in.MaxSize = plan.max_size;
    in.DesiredCapacity = plan.desired;
    autoscaling::PutScheduledUpdateGroupAction(call, in);
    made.push_back(name);
  }
}

}  // namespace landfall::elasticbeanstalk
