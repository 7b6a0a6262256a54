// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeInstancesHealth.html
#include <algorithm>

#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/health.h"

namespace landfall::elasticbeanstalk {

DescribeInstancesHealthResult DescribeInstancesHealth(Call& call, const DescribeInstancesHealthRequest& in) {
  const EnvironmentRecord record = find_environment(call, in.EnvironmentId, in.EnvironmentName);
  DescribeInstancesHealthResult out;
  out.RefreshedAt = call.now;
  if (record.resources.group_name.empty()) return out;
  for (const InstanceFacts& one : assess(call, record).instances) {
    SingleInstanceHealth health{.InstanceId = one.id, .AvailabilityZone = one.zone, .InstanceType = one.type};
    if (!one.counts()) {
      health.HealthStatus = "Info";
      health.Color = "Green";
      health.Causes = {"Instance is being terminated."};
    } else if (one.healthy()) {
      health.HealthStatus = "Ok";
      health.Color = "Green";
    } else if (one.target == "unhealthy") {
      health.HealthStatus = "Severe";
      health.Color = "Red";
      health.Causes = {"ELB health is failing: " + one.reason};
    } else {
      health.HealthStatus = "Pending";
      health.Color = "Grey";
      health.Causes = {"Performing initialization."};
    }
    if (one.current && record.shown.VersionLabel)
      health.Deployment = Deployment{.VersionLabel = record.shown.VersionLabel,
                                     .Status = one.healthy() ? "Deployed" : "In Progress"};
    out.InstanceHealthList.push_back(std::move(health));
  }
  return out;
}

}  // namespace landfall::elasticbeanstalk
