// What Auto Scaling keeps.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "autoscaling/shapes.h"
#include "gateway/call.h"
#include "store/store.h"

namespace landfall::autoscaling {

// An instance of a group, by its LifecycleState:
//   Pending -> InService -> Terminating -> (gone)
// Terminating: deregistered from the target groups, then terminated when none of them lists it any more.
struct Member {
  Instance shown;
  Timestamp launched;
  std::string activity_id;  // of the launch or termination under way
  bool terminated = false;  // TerminateInstances has been called
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("launched", launched);
    v("activity_id", activity_id);
    v("terminated", terminated);
  }
};

struct GroupRecord {
  AutoScalingGroup shown;  // without Instances
  std::vector<Member> members;
  std::set<std::string> suspended;
  Timestamp last_scaling;  // for the cooldown
  bool deleting = false;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("members", members);
    v("suspended", suspended);
    v("last_scaling", last_scaling);
    v("deleting", deleting);
  }
};

struct ActivityRecord {
  Activity shown;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
  }
};

struct PolicyRecord {
  ScalingPolicy shown;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
  }
};

inline constexpr store::Table<GroupRecord> kGroups{"autoscaling.group"};  // id: name
inline constexpr store::Table<ActivityRecord> kActivities{
    "autoscaling.activity"};  // id: <group>/<ms, 15 digits>-<id>
inline constexpr store::Table<PolicyRecord> kPolicies{"autoscaling.policy"};  // id: <group>/<policy name>
inline constexpr size_t kActivitiesPerGroup = 200;                            // older ones are dropped

}  // namespace landfall::autoscaling
