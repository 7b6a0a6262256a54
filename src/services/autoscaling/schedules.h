// Scheduled actions: sizes that a group gets at a time.
#pragma once

#include <optional>
#include <string>

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

struct ScheduleRequest {  // one of PutScheduledUpdateGroupAction or of its batch
  std::string name;
  std::optional<Timestamp> start, end;
  std::optional<std::string> recurrence, time_zone;
  std::optional<int64_t> min_size, max_size, desired;
};
void put_schedule(Call& call, const std::string& group, const ScheduleRequest& request);  // ValidationError
void delete_schedule(Call& call, const std::string& group, const std::string& name);      // ValidationError

// The first time at or after `from` (a Recurrence's: after) that the action has; nothing: it is over.
std::optional<Timestamp> next_time(const ScheduledUpdateGroupAction& action, Timestamp from);

// When its time has come: gives the group its sizes, sets the next time or erases it. Milliseconds until it
// must be looked at again; -1: never.
int64_t run_schedule(Call& call, const std::string& key);

}  // namespace landfall::autoscaling
