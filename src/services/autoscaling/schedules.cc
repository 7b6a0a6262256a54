#include "services/autoscaling/schedules.h"

#include <fmt/format.h>

#include <algorithm>

#include "autoscaling/errors.h"
#include "services/autoscaling/cron.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {
namespace {

TimeZone zone_of(const ScheduledUpdateGroupAction& action) {
  if (!action.TimeZone) return TimeZone::utc();
  auto zone = TimeZone::find(*action.TimeZone);
  if (!zone) throw_validation("The time zone " + *action.TimeZone + " is not valid.");
  return std::move(*zone);
}

Cron cron_of(const ScheduledUpdateGroupAction& action) {
  const auto cron = Cron::parse(*action.Recurrence);
  if (!cron) throw_validation("Given recurrence string: " + *action.Recurrence + " is invalid");
  return *cron;
}

void check_times(const Call& call, const ScheduledUpdateGroupAction& action) {
  if (!action.StartTime && !action.Recurrence)
    throw_validation("At least one of StartTime and Recurrence must be specified.");
  if (action.StartTime && *action.StartTime < call.now) throw_validation("Given start time is in the past");
  if (action.EndTime && *action.EndTime <= action.StartTime.value_or(call.now))
    throw_validation("Given end time is before the start time");
  if (action.Recurrence) static_cast<void>(cron_of(action));
  static_cast<void>(zone_of(action));
}

void apply(Call& call, const ScheduledUpdateGroupAction& action, GroupRecord record) {
  AutoScalingGroup& group = record.shown;
  const int64_t before = *group.DesiredCapacity;
  if (action.MinSize) group.MinSize = action.MinSize;
  if (action.MaxSize) group.MaxSize = action.MaxSize;
  if (*group.MaxSize < *group.MinSize) {
    const std::string id = begin_activity(
        call, record, "Scheduled action " + *action.ScheduledActionName,
        "At " + cause_time(call.now) + " the scheduled action " + *action.ScheduledActionName + " executed.");
    return end_activity(call, record, id, "Failed",
                        fmt::format("Max bound, {}, must be greater than or equal to min bound, {}",
                                    *group.MaxSize, *group.MinSize));
  }
  set_capacity(record, action.DesiredCapacity.value_or(before));
  record.cause = fmt::format(
      "At {} the scheduled action {} executed. It updated the AutoScalingGroup constraints to min: {}, max: "
      "{}, "
      "desired: {} changing the desired capacity from {} to {}.",
      cause_time(call.now), *action.ScheduledActionName, *group.MinSize, *group.MaxSize,
      *group.DesiredCapacity, before, *group.DesiredCapacity);
  put_group(call, record);
}

}  // namespace

std::optional<Timestamp> next_time(const ScheduledUpdateGroupAction& action, Timestamp from) {
  std::optional<Timestamp> next;
  if (action.StartTime && *action.StartTime >= from) {
    next = action.StartTime;  // also of a recurrence: it begins with it
  } else if (action.Recurrence) {
    next = cron_of(action).next_after(from, zone_of(action));
  }
  if (next && action.EndTime && *next > *action.EndTime) return std::nullopt;
  return next;
}

void put_schedule(Call& call, const std::string& group, const ScheduleRequest& request) {
  find_group(call, group);
  const std::string key = group + "/" + request.name;
  const auto existing = call.rows(kSchedules).get(key);
  if (!request.min_size && !request.max_size && !request.desired)
    throw_validation("At least one of MinSize, MaxSize and DesiredCapacity must be specified.");
  if (request.min_size && request.max_size && *request.max_size < *request.min_size)
    throw_validation("Max bound, " + std::to_string(*request.max_size) +
                     ", must be greater than or equal to min bound, " + std::to_string(*request.min_size));
  size_t count = 0;
  call.txn.each<ScheduleRecord>(kSchedules, call.scope() + group + "/",
                                [&](std::string_view, const ScheduleRecord&) { ++count; });
  if (!existing && count >= kSchedulesPerGroup)
    throw LimitExceededFault("You already have the maximum number of scheduled actions, " +
                             std::to_string(kSchedulesPerGroup) + ", for this group.");
  ScheduleRecord record;
  ScheduledUpdateGroupAction& action = record.shown;
  action = {.AutoScalingGroupName = group,
            .ScheduledActionName = request.name,
            .StartTime = request.start,
            .EndTime = request.end,
            .Recurrence = request.recurrence,
            .MinSize = request.min_size,
            .MaxSize = request.max_size,
            .DesiredCapacity = request.desired,
            .TimeZone = request.time_zone};
  action.ScheduledActionARN =
      existing ? *existing->shown.ScheduledActionARN
               : call.arn("autoscaling", "scheduledUpdateGroupAction:" + call.random().uuid() +
                                             ":autoScalingGroupName/" + group + ":scheduledActionName/" +
                                             request.name);
  // Who updates an action that has begun says its start again.
  if (existing && request.start == existing->shown.StartTime && request.start && *request.start < call.now &&
      request.recurrence)
    action.StartTime.reset();
  check_times(call, action);
  const auto next = next_time(action, call.now);
  if (!next)
    throw_validation("Given recurrence string: " + action.Recurrence.value_or("") +
                     " never comes before its end");
  record.next = *next;
  record.start_given = request.start.has_value();
  action.StartTime = record.start_given ? request.start : next;
  action.Time = action.StartTime;
  call.rows(kSchedules).put(key, record);
}

void delete_schedule(Call& call, const std::string& group, const std::string& name) {
  find_group(call, group);
  if (!call.rows(kSchedules).has(group + "/" + name))
    throw_validation("Scheduled action name not found - Scheduled action '" + name + "' not found");
  call.rows(kSchedules).erase(group + "/" + name);
}

int64_t run_schedule(Call& call, const std::string& key) {
  const auto stored = call.rows(kSchedules).get(key);
  if (!stored) return -1;
  if (call.now < stored->next) return stored->next.unix_ms - call.now.unix_ms;
  ScheduleRecord record = *stored;
  const GroupRecord group = find_group(call, *record.shown.AutoScalingGroupName);
  if (!group.deleting && !group.suspended.contains("ScheduledActions")) apply(call, record.shown, group);
  // A start that has been is behind it: only the recurrence counts.
  ScheduledUpdateGroupAction rest = record.shown;
  rest.StartTime.reset();
  const auto next = next_time(rest, call.now);
  if (!next) {
    call.rows(kSchedules).erase(key);
    return -1;
  }
  record.next = *next;
  if (!record.start_given) record.shown.StartTime = record.shown.Time = next;
  call.rows(kSchedules).put(key, record);
  return next->unix_ms - call.now.unix_ms;
}

}  // namespace landfall::autoscaling
