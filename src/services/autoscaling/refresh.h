// Instance refresh: a group's instances replaced, some at a time, by ones of its configuration of now.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
//
//   StartInstanceRefresh -> Pending -> InProgress -> Successful
//                                          |-> Cancelled (CancelInstanceRefresh; what is replaced stays so)
//                                          |-> Failed (an alarm of its specification)
//
// The reconciler calls advance_refresh() at each step; what it terminates, the group's desired capacity
// brings back. Where no healthy instance may be spared (MinHealthyPercentage 100), the group grows first.
#pragma once

#include <string>

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

inline constexpr int64_t kDefaultMinHealthy = 90, kDefaultMaxHealthy = 100;  // percent

bool is_active(const InstanceRefresh& refresh);
// The group's refresh that is not over; null: none.
std::shared_ptr<const RefreshRecord> active_refresh(const Call& call, const std::string& group);
void put_refresh(Call& call, const RefreshRecord& record);
std::vector<InstanceRefresh> refreshes_of(const Call& call, const std::string& group);  // newest first

// Throws ValidationError for preferences that cannot be; fills in what was not said.
RefreshPreferences checked_preferences(const RefreshPreferences& given, const AutoScalingGroup& group);

// How many may be out of service at once, and how many more than desired there may be; pure.
struct RefreshBounds {
  int64_t spare = 0, extra = 0;
};
RefreshBounds refresh_bounds(int64_t desired, const RefreshPreferences& preferences);

// True while there is more to do. Terminates what may be, and says in `extra` by how much the group shall be
// larger meanwhile.
bool advance_refresh(Call& call, GroupRecord& group, int64_t& extra);

}  // namespace landfall::autoscaling
