// Keeps each group at its desired capacity of healthy instances. One transaction a step: an instance and the
// group's record of it are committed together, so a crash forgets none.
#include <algorithm>

#include "ec2/operations.h"
#include "elbv2/operations.h"
#include "gateway/observations.h"
#include "reconcile/queue.h"
#include "services/autoscaling/autoscaling.h"
#include "services/autoscaling/group_metrics.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/hooks.h"
#include "services/autoscaling/launch_templates.h"
#include "services/autoscaling/mixed.h"
#include "services/autoscaling/refresh.h"
#include "services/autoscaling/scaling.h"
#include "services/autoscaling/schedules.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/snapshot.h"

namespace landfall::autoscaling {
namespace {

using reconcile::Outcome;

constexpr char kReconciler[] = "autoscaling.group";
constexpr char kScheduler[] = "autoscaling.schedule";
constexpr char kMetricsReconciler[] = "autoscaling.metrics";
constexpr int64_t kMetricsMs = 60'000;
constexpr int64_t kPollMs =
    1'000;  // while something is under way that no event tells of (a drain, a grace period)

class AutoScaling final : public Service {
 public:
  explicit AutoScaling(ControlPlane& plane) : plane_(plane) {
    plane_.queue.add(kReconciler, [this](std::string_view key) { return step(key); });
    plane_.queue.add(kScheduler, [this](std::string_view key) { return fire(key); });
    plane_.queue.add(kMetricsReconciler, [this](std::string_view key) { return record_metrics(key); });
    plane_.store.watch(kGroups, [this](const store::Change& change) {
      if (change.document == nullptr) return;
      plane_.queue.enqueue(kReconciler, change.id);
      plane_.queue.enqueue(kMetricsReconciler, change.id);
    });
    plane_.store.watch(kSchedules, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kScheduler, change.id);
    });
    ec2::watch_instances(plane_, [this](std::string_view) { enqueue_all(); });
    plane_.observations.watch(elbv2::kTargetGroupHealthKind,
                              [this](std::string_view, std::string_view) { enqueue_all(); });
    cloudwatch::handle_actions(
        "arn:aws:autoscaling:",
        [](Call& call, std::string_view arn, std::string_view alarm) { alarm_action(call, arn, alarm); });
  }
  void start() override {
    enqueue_all();
    enqueue_rows(kGroups.name, kMetricsReconciler);
    enqueue_rows(kSchedules.name, kScheduler);
  }

 private:
  void enqueue_all() { enqueue_rows(kGroups.name, kReconciler); }
  void enqueue_rows(std::string_view table, std::string_view reconciler) {
    const size_t skip = table.size() + 1;
    plane_.store.each(std::string(table) + "/", [&](std::string_view key, const store::Document&) {
      plane_.queue.enqueue(reconciler, key.substr(skip));
    });
  }

  Outcome step(std::string_view key) {
    const ResourceKey where = parse_resource_key(key);
    bool under_way = false;
    std::string launch_error;
    plane_.transact(kServicePrincipal, where.account, where.region, [&](Call& call) {
      const auto stored = call.rows(kGroups).get(where.id);
      if (!stored) return;
      GroupRecord record = *stored;
      settle_members(call, record);
      if (!record.deleting) {
        extra_ = 0;
        if (!record.suspended.contains("InstanceRefresh") && advance_refresh(call, record, extra_))
          under_way = true;
        if (!record.suspended.contains("HealthCheck") && !record.suspended.contains("ReplaceUnhealthy"))
          replace_unhealthy(call, record);
        if (!record.suspended.contains("Launch") && !launch_missing(call, record, launch_error))
          under_way = true;
        if (!record.suspended.contains("Terminate")) terminate_surplus(call, record);
      }
      under_way = under_way ||
                  std::ranges::any_of(record.members,
                                      [](const Member& member) {
                                        return member.shown.LifecycleState != "InService" &&
                                               member.shown.LifecycleState != "Standby";
                                      }) ||
                  waits_for_grace(call, record);
      if (record.deleting && record.members.empty()) {
        erase_group(call, record);
        under_way = false;
        return;
      }
      if (std::ranges::count_if(record.members, counts) == *record.shown.DesiredCapacity)
        record.cause.clear();  // told by the activities that it had
      if (to_json(record) != to_json(*stored)) put_group(call, record);
    });
    if (!launch_error.empty()) return Outcome::failed(launch_error);
    return under_way ? Outcome::after(kPollMs) : Outcome::done();
  }

  // What EC2, the target groups and the hooks say of each member.
  void settle_members(Call& call, GroupRecord& record) {
    std::vector<Member> kept;
    for (Member& member : record.members) {
      const auto instance = ec2::find_instance(call, *member.shown.InstanceId);
      if (member.shown.LifecycleState == "Pending" && instance && instance->running() &&
          !begin_hooks(call, record, member, kLaunching))
        enter_service(call, record, member);
      if (member.shown.LifecycleState == "Pending:Wait") settle_launch(call, record, member);
      if (is_terminating(member) && finish_termination(call, record, member, instance)) continue;
      kept.push_back(std::move(member));
    }
    record.members = std::move(kept);
  }

  static bool is_terminating(const Member& member) {
    return member.shown.LifecycleState->starts_with("Terminating");
  }

  static void settle_launch(Call& call, GroupRecord& record, Member& member) {
    switch (verdict(member.waits, call.now)) {
      case HookVerdict::wait:
        return;
      case HookVerdict::go_on:
        return enter_service(call, record, member);
      case HookVerdict::abandon:
        end_activity(call, record, member.activity_id, "Cancelled",
                     "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token " +
                         member.waits.front().token + " was abandoned");
        begin_termination(call, record, member,
                          "At " + cause_time(call.now) +
                              " an instance was taken out of service in response to a lifecycle action that "
                              "was abandoned.");
    }
  }

  static void enter_service(Call& call, const GroupRecord& record, Member& member) {
    Call service = call.as_service(kServicePrincipal);
    if (!record.suspended.contains("AddToLoadBalancer"))
      for (const std::string& arn : record.shown.TargetGroupARNs)
        elbv2::RegisterTargets(service,
                               {.TargetGroupArn = arn, .Targets = {{.Id = member.shown.InstanceId}}});
    member.waits.clear();
    member.shown.LifecycleState = "InService";
    member.in_service = call.now;
    end_activity(call, record, member.activity_id, "Successful");
  }

  // True when it is gone.
  static bool finish_termination(Call& call, const GroupRecord& record, Member& member,
                                 const std::optional<ec2::InstanceView>& instance) {
    if (!instance || instance->state == "terminated") {
      end_activity(call, record, member.activity_id, "Successful");
      return true;
    }
    if (member.terminated) return false;
    // Connections drain first, then the hooks; a dead instance has neither.
    if (!instance->unhealthy()) {
      for (const std::string& arn : record.shown.TargetGroupARNs)
        if (still_listed(call, arn, *member.shown.InstanceId)) return false;
      if (holds(call, record, member)) return false;
    }
    Call service = call.as_service(kServicePrincipal);
    ec2::TerminateInstances(service, {.InstanceIds = {*member.shown.InstanceId}});
    member.waits.clear();
    member.terminated = true;
    return false;
  }

  // A termination waits for its hooks, but not in a group that is deleted by force.
  static bool holds(Call& call, const GroupRecord& record, Member& member) {
    if (member.hooked || record.deleting) return false;
    if (member.shown.LifecycleState == "Terminating" && begin_hooks(call, record, member, kTerminating))
      return true;
    if (verdict(member.waits, call.now) == HookVerdict::wait) return true;
    member.hooked = true;
    if (member.shown.LifecycleState == "Terminating:Wait")
      member.shown.LifecycleState = "Terminating:Proceed";
    return false;
  }

  static bool still_listed(Call& call, const std::string& arn, const std::string& instance_id) {
    try {
      Call service = call.as_service(kServicePrincipal);
      for (const auto& one :
           elbv2::DescribeTargetHealth(service, {.TargetGroupArn = arn}).TargetHealthDescriptions)
        if (one.Target && one.Target->Id == instance_id) return true;
    } catch (const ServiceError& error) {
      if (error.code() != "TargetGroupNotFound") throw;
    }
    return false;
  }

  bool in_grace(const Call& call, const GroupRecord& record, const Member& member) const {
    return call.now < member.launched.plus_seconds(record.shown.HealthCheckGracePeriod.value_or(0));
  }
  bool waits_for_grace(const Call& call, const GroupRecord& record) const {
    return record.shown.HealthCheckType == "ELB" &&
           std::ranges::any_of(record.members,
                               [&](const Member& member) { return in_grace(call, record, member); });
  }

  bool elb_unhealthy(const GroupRecord& record, const std::string& instance_id) const {
    for (const std::string& arn : record.shown.TargetGroupARNs)
      if (const auto health =
              plane_.observations.get<elbv2::TargetGroupHealth>(elbv2::kTargetGroupHealthKind, arn))
        for (const auto& target : health->targets)
          if (target.id == instance_id && target.state == "unhealthy") return true;
    return false;
  }

  void replace_unhealthy(Call& call, GroupRecord& record) {
    for (Member& member : record.members) {
      if (!counts(member) && member.shown.LifecycleState != "Standby") continue;
      const auto instance = ec2::find_instance(call, *member.shown.InstanceId);
      std::string why;
      if (!instance || instance->unhealthy()) {
        why =
            "an instance was taken out of service in response to an EC2 health check indicating it has been "
            "terminated or stopped.";
      } else if (member.shown.HealthStatus == "Unhealthy") {
        why = "an instance was taken out of service in response to a user health-check.";
      } else if (record.shown.HealthCheckType == "ELB" && !in_grace(call, record, member) &&
                 elb_unhealthy(record, *member.shown.InstanceId)) {
        why = "an instance was taken out of service in response to an ELB system health check failure.";
      } else if (record.shown.MaxInstanceLifetime.value_or(0) > 0 &&
                 call.now >= member.launched.plus_seconds(*record.shown.MaxInstanceLifetime)) {
        why = "an instance was taken out of service in response to the maximum instance lifetime.";
      }
      if (why.empty()) continue;
      member.shown.HealthStatus = "Unhealthy";
      begin_termination(call, record, member, "At " + cause_time(call.now) + " " + why);
    }
  }

  // False: there is more to launch, later.
  bool launch_missing(Call& call, GroupRecord& record, std::string& error_text) {
    while (std::ranges::count_if(record.members, counts) < *record.shown.DesiredCapacity + extra_) {
      const size_t savepoint = call.txn.savepoint();
      try {
        launch_one(call, record);
      } catch (const ServiceError& error) {
        call.txn.rollback_to(savepoint);
        const std::string id =
            begin_activity(call, record, "Launching a new EC2 instance", launch_cause(call, record));
        end_activity(call, record, id, "Failed", error.message() + " Launching EC2 instance failed.");
        error_text = error.message();
        return false;
      }
    }
    return true;
  }

  static std::string launch_cause(const Call& call, const GroupRecord& record) {
    const auto now = std::ranges::count_if(record.members, counts);
    return (record.cause.empty() ? "" : record.cause + " ") + "At " + cause_time(call.now) +
           " an instance was started in response to a difference between desired and actual capacity, "
           "increasing the capacity from " +
           std::to_string(now) + " to " + std::to_string(*record.shown.DesiredCapacity) + ".";
  }

  static void launch_one(Call& call, GroupRecord& record) {
    const std::vector<Place> places = places_of(call, record);
    const Place& place = next_place(places, record.members);
    ec2::RunInstancesRequest request;
    request.MinCount = request.MaxCount = 1;
    request.SubnetId = place.subnet_id;
    const LaunchTemplateSpecification& launch_template = template_of(record.shown);
    if (const std::string type = override_type_of(record.shown); !type.empty()) request.InstanceType = type;
    ec2::LaunchTemplateSpecification specification{.LaunchTemplateId = launch_template.LaunchTemplateId,
                                                   .Version = launch_template.Version};
    if (!launch_template.LaunchTemplateId)
      specification.LaunchTemplateName = launch_template.LaunchTemplateName;
    request.LaunchTemplate = specification;
    ec2::TagSpecification tags{.ResourceType = "instance"};
    tags.Tags.push_back({.Key = "aws:autoscaling:groupName", .Value = record.shown.AutoScalingGroupName});
    for (const TagDescription& tag : record.shown.Tags)
      if (tag.PropagateAtLaunch.value_or(false)) tags.Tags.push_back({.Key = tag.Key, .Value = tag.Value});
    request.TagSpecifications.push_back(std::move(tags));
    const std::string cause = launch_cause(call, record);
    Call service = call.as_service(kServicePrincipal);
    const auto reservation = ec2::RunInstances(service, request);
    const ec2::Instance& made = reservation.Instances.at(0);
    Member member;
    member.launched = call.now;
    member.shown = {.InstanceId = made.InstanceId,
                    .InstanceType = made.InstanceType,
                    .AvailabilityZone = place.availability_zone,
                    .LifecycleState = "Pending",
                    .HealthStatus = "Healthy",
                    .LaunchTemplate = resolved_launch_template(call, launch_template),
                    .ProtectedFromScaleIn = record.shown.NewInstancesProtectedFromScaleIn.value_or(false)};
    member.activity_id =
        begin_activity(call, record, "Launching a new EC2 instance: " + *made.InstanceId, cause);
    record.members.push_back(std::move(member));
  }

  void terminate_surplus(Call& call, GroupRecord& record) const {
    while (std::ranges::count_if(record.members, counts) > *record.shown.DesiredCapacity + extra_) {
      const int victim = next_victim(record.members, record.shown.TerminationPolicies);
      if (victim < 0) return;
      const auto before = std::ranges::count_if(record.members, counts);
      begin_termination(call, record, record.members[static_cast<size_t>(victim)],
                        (record.cause.empty() ? "" : record.cause + " ") + "At " + cause_time(call.now) +
                            " an instance was taken out of service in response to a difference between "
                            "desired and actual capacity, shrinking the capacity from " +
                            std::to_string(before) + " to " + std::to_string(*record.shown.DesiredCapacity) +
                            ".");
    }
  }

  template <class T>
  static void erase_rows(Call& call, const store::Table<T>& table, const std::string& prefix) {
    std::vector<std::string> ids;
    call.txn.each<T>(table, call.scope() + prefix, [&](std::string_view id, const T&) {
      ids.emplace_back(id.substr(call.scope().size()));
    });
    for (const std::string& id : ids) call.rows(table).erase(id);
  }

  static void erase_group(Call& call, const GroupRecord& record) {
    const std::string& name = *record.shown.AutoScalingGroupName;
    std::vector<FoundPolicy> policies;
    call.txn.each<PolicyRecord>(kPolicies, call.scope() + name + "/",
                                [&](std::string_view id, const PolicyRecord& policy) {
                                  policies.push_back({std::string(id.substr(call.scope().size())), policy});
                                });
    for (const FoundPolicy& policy : policies) erase_policy(call, policy);
    erase_rows(call, kHooks, name + "/");
    erase_rows(call, kSchedules, name + "/");
    erase_rows(call, kRefreshes, name + "/");
    call.rows(kGroups).erase(name);
  }

  // Each minute, the metrics that EnableMetricsCollection asked for.
  Outcome record_metrics(std::string_view key) {
    const ResourceKey where = parse_resource_key(key);
    bool enabled = false;
    plane_.transact(kServicePrincipal, where.account, where.region, [&](Call& call) {
      const auto stored = call.rows(kGroups).get(where.id);
      if (!stored || stored->shown.EnabledMetrics.empty()) return;
      enabled = true;
      cloudwatch::record(call, group_metrics(*stored, call.now));
    });
    return enabled ? Outcome::after(kMetricsMs) : Outcome::done();
  }

  Outcome fire(std::string_view key) {
    const ResourceKey where = parse_resource_key(key);
    int64_t left = -1;
    plane_.transact(kServicePrincipal, where.account, where.region,
                    [&](Call& call) { left = run_schedule(call, where.id); });
    return left < 0 ? Outcome::done() : Outcome::after(left);
  }

  ControlPlane& plane_;
  int64_t extra_ = 0;  // of the group at hand: by how much a refresh has it larger than desired
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<AutoScaling>(plane); }

}  // namespace landfall::autoscaling
