// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeEnvironmentResources.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/health.h"

namespace landfall::elasticbeanstalk {

EnvironmentResourceDescriptionsMessage DescribeEnvironmentResources(
    Call& call, const DescribeEnvironmentResourcesMessage& in) {
  const EnvironmentRecord record = find_environment(call, in.EnvironmentId, in.EnvironmentName);
  const Resources& resources = record.resources;
  EnvironmentResourceDescription out{.EnvironmentName = record.shown.EnvironmentName};
  if (!resources.group_name.empty()) {
    out.AutoScalingGroups = {{.Name = resources.group_name}};
    for (const InstanceFacts& one : assess(call, record).instances) out.Instances.push_back({.Id = one.id});
  }
  if (!resources.launch_template_id.empty()) out.LaunchTemplates = {{.Id = resources.launch_template_id}};
  if (!resources.load_balancer_arn.empty()) out.LoadBalancers = {{.Name = resources.load_balancer_arn}};
  for (const std::string& alarm : resources.alarms) out.Triggers.push_back({.Name = alarm});
  return {.EnvironmentResources = out};
}

}  // namespace landfall::elasticbeanstalk
