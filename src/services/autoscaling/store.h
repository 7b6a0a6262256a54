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

// A lifecycle hook that an instance waits for.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
struct HookWait {
  std::string hook, token;
  std::string result;          // CONTINUE, ABANDON; empty: nobody has said yet
  std::string default_result;  // what silence until the timeout means
  Timestamp heartbeat_until;   // put off by RecordLifecycleActionHeartbeat,
  Timestamp until;             // but not beyond this
  template <class V>
  void fields(V& v) {
    v("hook", hook);
    v("token", token);
    v("result", result);
    v("default_result", default_result);
    v("heartbeat_until", heartbeat_until);
    v("until", until);
  }
};

// An instance of a group, by its LifecycleState:
//   Pending -> [Pending:Wait] -> InService -> Terminating -> [Terminating:Wait] -> (gone)
//                                InService <-> Standby
// Terminating: deregistered from the target groups; when none of them lists it any more, the hooks; then
// terminated. :Wait only with hooks. `waits` is empty in every other state.
struct Member {
  Instance shown;
  Timestamp launched;
  Timestamp in_service;     // since when; its warm-up counts from here
  std::string activity_id;  // of the launch or termination under way
  bool terminated = false;  // TerminateInstances has been called
  bool hooked = false;      // the hooks of its termination are behind it
  std::vector<HookWait> waits;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("launched", launched);
    v("activity_id", activity_id);
    v("terminated", terminated);
    v("in_service", in_service);
    v("hooked", hooked);
    v("waits", waits);
  }
};

struct GroupRecord {
  AutoScalingGroup shown;  // without Instances
  std::vector<Member> members;
  std::set<std::string> suspended;
  Timestamp last_scaling;  // for the cooldown
  std::string cause;       // who changed the capacity last, as activities tell it; empty: told already
  bool deleting = false;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("members", members);
    v("suspended", suspended);
    v("last_scaling", last_scaling);
    v("cause", cause);
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

struct HookRecord {
  LifecycleHook shown;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
  }
};

struct ScheduleRecord {
  ScheduledUpdateGroupAction shown;  // StartTime: as given, or the next time of a Recurrence
  bool start_given = false;
  Timestamp next;  // when it fires
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("start_given", start_given);
    v("next", next);
  }
};

struct RefreshRecord {
  InstanceRefresh shown;
  int64_t total = -1;       // instances to replace when it began; -1: not counted yet
  int64_t checkpoint = 0;   // those before this one are behind it
  Timestamp checkpoint_at;  // since when it stands there; 0: it does not
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("total", total);
    v("checkpoint", checkpoint);
    v("checkpoint_at", checkpoint_at);
  }
};

inline constexpr store::Table<RefreshRecord> kRefreshes{
    "autoscaling.refresh"};                                               // id: <group>/<ms, 15 digits>-<id>
inline constexpr store::Table<GroupRecord> kGroups{"autoscaling.group"};  // id: name
inline constexpr store::Table<ActivityRecord> kActivities{
    "autoscaling.activity"};  // id: <group>/<ms, 15 digits>-<id>
inline constexpr store::Table<PolicyRecord> kPolicies{"autoscaling.policy"};  // id: <group>/<policy name>
inline constexpr store::Table<HookRecord> kHooks{"autoscaling.hook"};         // id: <group>/<hook name>
inline constexpr store::Table<ScheduleRecord> kSchedules{
    "autoscaling.schedule"};  // id: <group>/<action name>

inline constexpr size_t kHooksPerGroup = 50;
inline constexpr size_t kSchedulesPerGroup = 125;
inline constexpr size_t kActivitiesPerGroup = 200;  // older ones are dropped

}  // namespace landfall::autoscaling
