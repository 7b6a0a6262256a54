#include "services/autoscaling/traffic_sources.h"

#include <algorithm>

#include "elbv2/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {
namespace {}  // namespace

std::string target_group_of(const TrafficSourceIdentifier& source) {
  const std::string& identifier = *source.Identifier;
  if (identifier.find(":targetgroup/") == std::string::npos || source.Type.value_or("elbv2") != "elbv2")
    throw ServiceError("ValidationError", 400,
                       "Landfall's traffic sources are target groups (type elbv2), not " + identifier);
  return identifier;
}

void add_target_group(AutoScalingGroup& group, const std::string& arn) {
  auto& arns = group.TargetGroupARNs;
  if (std::ranges::find(arns, arn) == arns.end()) arns.push_back(arn);
}

void check_target_groups(Call& call, const std::vector<std::string>& arns) {
  Call service = call.as_service(kServicePrincipal);
  for (const std::string& arn : arns) try {
      elbv2::DescribeTargetGroups(service, {.TargetGroupArns = {arn}});
    } catch (const ServiceError& error) {
      if (error.code() != "TargetGroupNotFound") throw;
      throw ServiceError("ValidationError", 400,
                         "Provided Target Groups may not be valid. Please ensure they exist and try again. "
                         "Target Group Not Found: " +
                             arn);
    }
}

void attach_target_groups(Call& call, const std::string& group, const std::vector<std::string>& arns) {
  GroupRecord record = find_group(call, group);
  check_target_groups(call, arns);
  Call service = call.as_service(kServicePrincipal);
  for (const std::string& arn : arns) {
    const size_t before = record.shown.TargetGroupARNs.size();
    add_target_group(record.shown, arn);
    if (record.shown.TargetGroupARNs.size() == before) continue;
    for (const Member& member : record.members)
      if (member.shown.LifecycleState == "InService")
        elbv2::RegisterTargets(service,
                               {.TargetGroupArn = arn, .Targets = {{.Id = member.shown.InstanceId}}});
  }
  put_group(call, record);
}

void detach_target_groups(Call& call, const std::string& group, const std::vector<std::string>& arns) {
  GroupRecord record = find_group(call, group);
  Call service = call.as_service(kServicePrincipal);
  for (const std::string& arn : arns) {
    if (std::erase(record.shown.TargetGroupARNs, arn) == 0)
      throw ServiceError("ValidationError", 400,
                         "Trying to remove Target Groups that are not part of the group: " + arn);
    for (const Member& member : record.members) try {
        elbv2::DeregisterTargets(service,
                                 {.TargetGroupArn = arn, .Targets = {{.Id = member.shown.InstanceId}}});
      } catch (const ServiceError& error) {
        if (error.code() != "TargetGroupNotFound") throw;  // it went first: nothing to leave
      }
  }
  put_group(call, record);
}

}  // namespace landfall::autoscaling
