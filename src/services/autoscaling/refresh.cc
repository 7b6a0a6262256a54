#include "services/autoscaling/refresh.h"

#include <fmt/format.h>

#include <algorithm>

#include "cloudwatch/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/launch_templates.h"
#include "services/autoscaling/mixed.h"

namespace landfall::autoscaling {
namespace {

std::string key_of(const InstanceRefresh& refresh) {
  return fmt::format("{}/{:015d}-{}", *refresh.AutoScalingGroupName, refresh.StartTime->unix_ms,
                     *refresh.InstanceRefreshId);
}

template <class Visit>
void each_refresh(const Call& call, const std::string& group, Visit visit) {
  call.txn.each<RefreshRecord>(kRefreshes, call.scope() + group + "/",
                               [&](std::string_view, const RefreshRecord& record) { visit(record); });
}

void finish(Call& call, RefreshRecord& record, const char* status, std::string reason) {
  record.shown.Status = status;
  if (!reason.empty()) record.shown.StatusReason = std::move(reason);
  record.shown.EndTime = call.now;
  put_refresh(call, record);
}

// The first of the specification's alarms that is in ALARM.
std::string alarm_in(Call& call, const RefreshPreferences& preferences) {
  if (!preferences.AlarmSpecification || preferences.AlarmSpecification->Alarms.empty()) return "";
  Call service = call.as_service(kServicePrincipal);
  const auto found =
      cloudwatch::DescribeAlarms(service, {.AlarmNames = preferences.AlarmSpecification->Alarms});
  for (const auto& alarm : found.MetricAlarms)
    if (alarm.StateValue == "ALARM") return *alarm.AlarmName;
  return "";
}

bool is_warm(const Call& call, const Member& member, const RefreshPreferences& preferences) {
  return member.shown.LifecycleState == "InService" &&
         call.now >= member.in_service.plus_seconds(preferences.InstanceWarmup.value_or(0));
}

// What the group launches now.
struct Configuration {
  LaunchTemplateSpecification launch_template;  // its version a number
  std::string instance_type;                    // empty: the template's
  bool made(const Member& member) const {
    return member.shown.LaunchTemplate &&
           member.shown.LaunchTemplate->LaunchTemplateId == launch_template.LaunchTemplateId &&
           member.shown.LaunchTemplate->Version == launch_template.Version &&
           (instance_type.empty() || member.shown.InstanceType == instance_type);
  }
};

// Of the configuration before the refresh, and to be replaced by it.
bool is_old(const Member& member, const RefreshRecord& record, const Configuration& now) {
  const RefreshPreferences& preferences = *record.shown.Preferences;
  if (member.launched >= *record.shown.StartTime) return false;
  if (preferences.SkipMatching.value_or(false) && now.made(member)) return false;
  if (member.shown.LifecycleState == "Standby") return preferences.StandbyInstances != "Ignore";
  if (!counts(member)) return false;
  return !member.shown.ProtectedFromScaleIn.value_or(false) ||
         preferences.ScaleInProtectedInstances != "Ignore";
}

// Those that the preferences say to wait for stay until their protection or standby ends.
bool may_go(const Member& member, const RefreshPreferences& preferences) {
  if (member.shown.LifecycleState == "Standby") return preferences.StandbyInstances == "Terminate";
  return !member.shown.ProtectedFromScaleIn.value_or(false) ||
         preferences.ScaleInProtectedInstances == "Refresh";
}

// Whether the refresh stands at a checkpoint: the first that it has reached and not waited for.
bool at_checkpoint(Call& call, RefreshRecord& record, int64_t percent) {
  const auto& checkpoints = record.shown.Preferences->CheckpointPercentages;
  if (record.checkpoint >= static_cast<int64_t>(checkpoints.size())) return false;
  if (percent < checkpoints[static_cast<size_t>(record.checkpoint)]) return false;
  if (record.checkpoint_at.unix_ms == 0) record.checkpoint_at = call.now;
  if (call.now < record.checkpoint_at.plus_seconds(record.shown.Preferences->CheckpointDelay.value_or(3600)))
    return true;
  record.checkpoint_at = {};
  ++record.checkpoint;
  return false;
}

}  // namespace

bool is_active(const InstanceRefresh& refresh) {
  return refresh.Status == "Pending" || refresh.Status == "InProgress";
}

std::shared_ptr<const RefreshRecord> active_refresh(const Call& call, const std::string& group) {
  std::shared_ptr<const RefreshRecord> found;
  each_refresh(call, group, [&](const RefreshRecord& record) {
    if (is_active(record.shown)) found = std::make_shared<const RefreshRecord>(record);
  });
  return found;
}

void put_refresh(Call& call, const RefreshRecord& record) {
  call.rows(kRefreshes).put(key_of(record.shown), record);
}

std::vector<InstanceRefresh> refreshes_of(const Call& call, const std::string& group) {
  std::vector<InstanceRefresh> list;
  each_refresh(call, group, [&](const RefreshRecord& record) { list.push_back(record.shown); });
  std::ranges::reverse(list);
  return list;
}

RefreshPreferences checked_preferences(const RefreshPreferences& given, const AutoScalingGroup& group) {
  constexpr int64_t kMostDifference = 100;
  RefreshPreferences out = given;
  const auto& policy = group.InstanceMaintenancePolicy;
  if (!out.MinHealthyPercentage)
    out.MinHealthyPercentage =
        policy ? policy->MinHealthyPercentage.value_or(kDefaultMinHealthy) : kDefaultMinHealthy;
  if (!out.MaxHealthyPercentage)
    out.MaxHealthyPercentage =
        policy ? policy->MaxHealthyPercentage.value_or(kDefaultMaxHealthy) : kDefaultMaxHealthy;
  if (*out.MaxHealthyPercentage - *out.MinHealthyPercentage > kMostDifference)
    throw_validation(
        "The difference between MaxHealthyPercentage and MinHealthyPercentage must not be greater than 100.");
  if (!out.InstanceWarmup)
    out.InstanceWarmup = group.DefaultInstanceWarmup.value_or(group.HealthCheckGracePeriod.value_or(0));
  if (out.AutoRollback.value_or(false))
    throw_validation(
        "AutoRollback is not supported by Landfall: start a refresh with the former configuration");
  if (out.BakeTime.value_or(0) != 0) throw_validation("BakeTime is not supported by Landfall");
  out.SkipMatching = out.SkipMatching.value_or(false);
  out.ScaleInProtectedInstances = out.ScaleInProtectedInstances.value_or("Wait");
  out.StandbyInstances = out.StandbyInstances.value_or("Wait");
  int64_t before = 0;
  for (const int64_t percent : out.CheckpointPercentages) {
    if (percent <= before || percent > 100)
      throw_validation("CheckpointPercentages must rise, each from 1 to 100.");
    before = percent;
  }
  return out;
}

RefreshBounds refresh_bounds(int64_t desired, const RefreshPreferences& preferences) {
  const int64_t least = preferences.MinHealthyPercentage.value_or(kDefaultMinHealthy);
  const int64_t most = preferences.MaxHealthyPercentage.value_or(kDefaultMaxHealthy);
  // Rounded, but one at a time always goes.
  if (least < 100) return {.spare = std::max<int64_t>(1, desired * (100 - least) / 100)};
  return {.extra = std::max<int64_t>(1, desired * (most - 100) / 100)};
}

bool advance_refresh(Call& call, GroupRecord& group, int64_t& extra) {
  const auto stored = active_refresh(call, *group.shown.AutoScalingGroupName);
  if (!stored) return false;
  RefreshRecord record = *stored;
  const RefreshPreferences& preferences = *record.shown.Preferences;
  if (const std::string alarm = alarm_in(call, preferences); !alarm.empty()) {
    finish(call, record, "Failed",
           "The instance refresh failed because the alarm " + alarm + " is in ALARM.");
    return false;
  }
  const Configuration now{resolved_launch_template(call, template_of(group.shown)),
                          override_type_of(group.shown)};
  const int64_t desired = *group.shown.DesiredCapacity;
  int64_t healthy = 0, old = 0;
  for (const Member& member : group.members) {
    const bool is_one = is_old(member, record, now);
    old += is_one ? 1 : 0;
    healthy +=
        member.shown.LifecycleState == "InService" && (is_one || is_warm(call, member, preferences)) ? 1 : 0;
  }
  if (record.total < 0) record.total = old;
  record.total = std::max(record.total, old);
  const int64_t percent = record.total == 0 ? 100 : (record.total - old) * 100 / record.total;
  record.shown.Status = "InProgress";
  record.shown.InstancesToUpdate = old;
  record.shown.PercentageComplete = percent;
  if (old == 0 && healthy >= desired) {
    finish(call, record, "Successful", "");
    return false;
  }
  const RefreshBounds bounds = refresh_bounds(desired, preferences);
  int64_t left = old;
  const bool waits = old > 0 && at_checkpoint(call, record, percent);
  for (Member& member : group.members) {
    if (waits || !is_old(member, record, now) || !may_go(member, preferences)) continue;
    const bool serves = member.shown.LifecycleState == "InService";
    if (serves && healthy <= desired - bounds.spare) break;
    begin_termination(call, group, member,
                      "At " + cause_time(call.now) +
                          " an instance was taken out of service in response to an instance refresh.");
    if (serves) --healthy;
    --left;
  }
  extra = std::min(bounds.extra, left);
  if (to_json(record) != to_json(*stored)) put_refresh(call, record);
  return true;
}

}  // namespace landfall::autoscaling
