#include "services/ec2/reconciler.h"

#include <algorithm>

#include "gateway/call.h"
#include "gateway/observations.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/ec2/console.h"
#include "services/ec2/ec2.h"
#include "services/ec2/instance_profile.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/instances.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

inline constexpr char kPrincipal[] = "ec2.amazonaws.com";
inline constexpr char kInstanceQueue[] = "ec2.instance", kMetadataQueue[] = "ec2.metadata";
inline constexpr char kNetworkQueue[] = "ec2.network";

// --- the decision

static bool is_current(const InstanceRecord& instance, const host::WorkloadStatus& status) {
  return status.reboot_generation == instance.reboot_generation;
}

// 128 + n: died of signal n.
static InstanceStep how_it_ended(const host::WorkloadStatus& status) {
  return status.exit_code >= 128 ? InstanceStep::was_killed : InstanceStep::ended_by_itself;
}

NextStep next_step(const InstanceRecord& instance, const std::optional<host::WorkloadStatus>& status,
                   Timestamp now) {
  const int64_t since_ms = now.unix_ms - instance.state_since.unix_ms;
  const std::string state = status ? status->state : "";
  switch (instance.state) {
    case LifeState::pending:
      if (state == "running" && is_current(instance, *status)) return {InstanceStep::run};
      if (state == "exited" && is_current(instance, *status)) return {how_it_ended(*status)};
      if (state == "failed")
        return since_ms >= kLaunchPatienceMs ? NextStep{InstanceStep::could_not_start}
                                             : NextStep{InstanceStep::none, kLaunchPatienceMs - since_ms};
      return {};
    case LifeState::running:
      if (state == "exited" && is_current(instance, *status)) return {how_it_ended(*status)};
      if (state == "failed" && is_current(instance, *status)) return {InstanceStep::was_killed};
      return {};
    case LifeState::stopping:
      if (state == "stopped" || state == "exited" || state == "failed") return {InstanceStep::stop};
      return {};
    case LifeState::shutting_down:
      if (state == "removed") return {InstanceStep::terminate};
      if (!status)
        return since_ms >= kSilenceMs ? NextStep{InstanceStep::terminate}
                                      : NextStep{InstanceStep::none, kSilenceMs - since_ms};
      return {};
    case LifeState::terminated:
      return since_ms >= kKeepTerminatedMs ? NextStep{InstanceStep::forget}
                                           : NextStep{InstanceStep::none, kKeepTerminatedMs - since_ms};
    case LifeState::stopped:
      return {};
  }
  return {};
}

// --- what follows

namespace {

void ended(Call& call, const InstanceRecord& instance, const StateReasonText& reason) {
  if (instance.shutdown_behavior == "terminate" && reason.code == "Client.InstanceInitiatedShutdown") {
    begin_terminate(call, instance, reason);
  } else {
    // Nothing runs any more, so that there is nothing to wait for between stopping and stopped.
    begin_stop(call, instance, reason);
    finish_stop(call, *require(call, kInstances, instance.instance_id));
  }
}

void take_step(Call& call, const InstanceRecord& instance, InstanceStep step) {
  switch (step) {
    case InstanceStep::none:
      return;
    case InstanceStep::run: {
      InstanceRecord running = instance;
      running.state = LifeState::running;
      running.state_since = call.now;
      put_instance(call, running);
      return;
    }
    case InstanceStep::stop:
      return finish_stop(call, instance);
    case InstanceStep::ended_by_itself:
      return ended(call, instance,
                   {"Client.InstanceInitiatedShutdown",
                    "Client.InstanceInitiatedShutdown: Instance initiated shutdown"});
    case InstanceStep::was_killed:
      return ended(
          call, instance,
          {"Server.InternalError", "Server.InternalError: The instance's processes ended unexpectedly"});
    case InstanceStep::could_not_start:
      return begin_terminate(call, instance,
                             {"Server.InternalError", "Server.InternalError: Internal error on launch"});
    case InstanceStep::terminate:
      return finish_terminate(call, instance);
    case InstanceStep::forget:
      return forget_instance(call, instance.instance_id);
  }
}

}  // namespace

// --- the service

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<Ec2Service>(plane); }

Ec2Service::Ec2Service(ControlPlane& plane) : plane_(plane) {
  plane_.queue.add(kInstanceQueue, [this](std::string_view key) { return reconcile_instance(key); });
  plane_.queue.add(kMetadataQueue, [this](std::string_view key) { return reconcile_metadata(key); });
  plane_.queue.add(kNetworkQueue, [this](std::string_view key) { return reconcile_network(key); });
  plane_.store.watch(kInstances.table, [this](const store::Change& change) {
    const std::string id = parse_resource_key(change.id).id;
    if (change.document != nullptr)
      instance_keys_[id] = change.id;
    else
      instance_keys_.erase(id);
    plane_.queue.enqueue(kInstanceQueue, change.id);
  });
  plane_.observations.watch("Workload",
                            [this](std::string_view id, std::string_view) { enqueue_workload(id); });
  plane_.observations.watch(
      "WorkloadUsage", [this](std::string_view id, std::string_view document) { take_usage(id, document); });
  // A profile that gets another role, or a role that goes, changes what the metadata service mints.
  for (const char* kind : {"IamInstanceProfile", "IamRole"}) {
    plane_.store.watch(std::string(kEdgePrefix) + kind + "/", [this](const store::Change&) {
      each_vpc([this](std::string_view key) { plane_.queue.enqueue(kMetadataQueue, key); });
    });
  }
}

void Ec2Service::each_vpc(const std::function<void(std::string_view key)>& visit) {
  plane_.store.each(std::string(kVpcs.table.name) + "/", [&](std::string_view key, const store::Document&) {
    visit(key.substr(std::string_view(kVpcs.table.name).size() + 1));
  });
}

void Ec2Service::start() {
  plane_.transact(kPrincipal, [](Call& call) { ensure_default_vpc(call); });
  each_vpc([this](std::string_view key) { plane_.queue.enqueue(kNetworkQueue, key); });
  plane_.store.each(std::string(kInstances.table.name) + "/",
                    [&](std::string_view key, const store::Document&) {
                      key.remove_prefix(std::string_view(kInstances.table.name).size() + 1);
                      instance_keys_[parse_resource_key(key).id] = key;
                      plane_.queue.enqueue(kInstanceQueue, key);
                    });
}

std::vector<Problem> Ec2Service::problems() const {
  std::vector<Problem> out;
  store::Txn txn(plane_.store);
  for (const auto& [key, instance] : txn.all(kInstances.table)) {
    const auto status = plane_.observations.get<host::WorkloadStatus>("Workload", instance->instance_id);
    if (status && status->state == "failed")
      out.push_back({"instance " + instance->instance_id, status->message});
  }
  return out;
}

// Workloads are named by the instance's id alone, which no two accounts and regions share.
void Ec2Service::enqueue_workload(std::string_view workload_id) {
  if (const auto key = instance_keys_.find(workload_id); key != instance_keys_.end())
    plane_.queue.enqueue(kInstanceQueue, key->second);
}

reconcile::Outcome Ec2Service::reconcile_instance(std::string_view key) {
  const ResourceKey at = parse_resource_key(key);
  NextStep next;
  plane_.transact(kPrincipal, at.account, at.region, [&](Call& call) {
    const auto instance = rows(call, kInstances).get(at.id);
    if (!instance) return;
    next = next_step(*instance, plane_.observations.get<host::WorkloadStatus>("Workload", at.id), call.now);
    take_step(call, *instance, next.step);
  });
  if (next.step == InstanceStep::run || next.step == InstanceStep::was_killed ||
      next.step == InstanceStep::ended_by_itself)
    refresh_console(plane_, at.id);
  if (next.step == InstanceStep::forget) plane_.observations.erase(kConsoleKind, at.id);
  return next.again_ms >= 0 ? reconcile::Outcome::after(next.again_ms) : reconcile::Outcome::wait();
}

// What an earlier version of Landfall has desired may lack what this one enforces.
reconcile::Outcome Ec2Service::reconcile_network(std::string_view key) {
  const ResourceKey at = parse_resource_key(key);
  plane_.transact(kPrincipal, at.account, at.region, [&](Call& call) {
    sync_network(call, at.id);
    for (const SubnetRecord& subnet : subnets_of(call, at.id))
      for (const InterfaceRecord& interface : interfaces_of_subnet(call, subnet.subnet_id))
        sync_interface(call, interface.interface_id);
  });
  return reconcile::Outcome::done();
}

reconcile::Outcome Ec2Service::reconcile_metadata(std::string_view key) {
  const ResourceKey at = parse_resource_key(key);
  plane_.transact(kPrincipal, at.account, at.region, [&](Call& call) { publish_metadata(call, at.id); });
  return reconcile::Outcome::done();
}

// --- metrics

static std::vector<cloudwatch::Sample> samples_of(const InstanceRecord& instance, const std::string& group,
                                                  const std::vector<Metric>& metrics, Timestamp at) {
  // Each by instance, and by the Auto Scaling group that it is of: what scaling policies look at.
  std::vector<std::map<std::string, std::string>> dimensions{{{"InstanceId", instance.instance_id}}};
  if (!group.empty()) dimensions.push_back({{"AutoScalingGroupName", group}});
  std::vector<cloudwatch::Sample> out;
  for (const auto& dimension : dimensions)
    for (const Metric& metric : metrics)
      out.push_back(cloudwatch::single("AWS/EC2", metric.name, dimension, metric.value, at, metric.unit));
  return out;
}

void Ec2Service::take_usage(std::string_view id, std::string_view document) {
  if (!id.starts_with(kInstances.prefix)) return;
  if (document.empty()) {
    usage_.erase(std::string(id));
    return;
  }
  const auto usage = from_json<host::WorkloadUsage>(document);
  if (!usage) return;  // from another version of host: no metrics from it
  const auto [last, fresh] = usage_.try_emplace(std::string(id), *usage);
  if (fresh || usage->at_ms - last->second.at_ms < kMetricPeriodMs) return;
  const host::WorkloadUsage before = last->second;
  last->second = *usage;
  const auto key = instance_keys_.find(id);
  if (key == instance_keys_.end()) return;
  const ResourceKey at = parse_resource_key(key->second);
  plane_.transact(kPrincipal, at.account, at.region, [&](Call& call) {
    const auto instance = rows(call, kInstances).get(id);
    if (!instance) return;
    std::vector<Metric> metrics =
        usage_metrics(before, *usage, find_instance_type(instance->instance_type)->vcpus);
    if (metrics.empty()) return;  // the first report of a new life
    metrics.push_back({"StatusCheckFailed", instance->state == LifeState::running ? 0.0 : 1.0, "Count"});
    const TagMap tags = tags_of(call, id);
    const auto group = tags.find("aws:autoscaling:groupName");
    cloudwatch::record(
        call, samples_of(*instance, group == tags.end() ? "" : group->second, metrics, {usage->at_ms}));
  });
}

}  // namespace landfall::ec2
