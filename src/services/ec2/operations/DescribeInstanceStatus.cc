#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {

InstanceStatusSummary status_summary(const std::string& status) {
  InstanceStatusSummary out;
  out.Status = status;
  InstanceStatusDetails& detail = out.Details.emplace_back();
  detail.Name = "reachability";
  detail.Status = status == "ok" ? "passed" : status;
  return out;
}

// A running instance is checked once host has said that its processes run.
std::string check_status(const InstanceRecord& i) {
  if (i.state == LifeState::running) return "ok";
  return i.state == LifeState::pending ? "initializing" : "not-applicable";
}

}  // namespace

DescribeInstanceStatusResult DescribeInstanceStatus(Call& call, const DescribeInstanceStatusRequest& in) {
  require_instances(call, in.InstanceIds);
  FilterFields<InstanceRecord> fields = instance_fields(call);
  const auto status = [](const InstanceRecord& i, Values& out) { out.push_back(check_status(i)); };
  for (const char* name : {"instance-status.status", "system-status.status"}) fields[name] = status;
  for (const char* name : {"instance-status.reachability", "system-status.reachability"})
    fields[name] = [](const InstanceRecord& i, Values& out) {
      out.push_back(check_status(i) == "ok" ? "passed" : check_status(i));
    };
  Query query = query_of(in, in.InstanceIds);
  if (!in.IncludeAllInstances.value_or(false))
    query.filters.push_back({.Name = "instance-state-name", .Values = {"running"}});
  const auto page = describe(call, kInstances, query, fields);
  DescribeInstanceStatusResult out;
  for (const auto& [id, instance] : page.rows) {
    InstanceStatus& shown = out.InstanceStatuses.emplace_back();
    shown.AvailabilityZone = instance->availability_zone;
    shown.InstanceId = id;
    shown.InstanceState = render_state(instance->state);
    shown.InstanceStatus_ = status_summary(check_status(*instance));
    shown.SystemStatus = status_summary(check_status(*instance));
  }
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
