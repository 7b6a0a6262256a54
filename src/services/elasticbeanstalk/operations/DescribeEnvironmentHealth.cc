// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeEnvironmentHealth.html
#include <algorithm>

#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/health.h"

namespace landfall::elasticbeanstalk {

DescribeEnvironmentHealthResult DescribeEnvironmentHealth(Call& call,
                                                          const DescribeEnvironmentHealthRequest& in) {
  const EnvironmentRecord record = find_environment(call, in.EnvironmentId, in.EnvironmentName);
  const auto wanted = [&](const char* name) {
    return std::ranges::any_of(in.AttributeNames,
                               [&](const std::string& one) { return one == name || one == "All"; });
  };
  DescribeEnvironmentHealthResult out{.EnvironmentName = record.shown.EnvironmentName};
  if (wanted("HealthStatus")) out.HealthStatus = record.shown.HealthStatus.value_or("NoData");
  if (wanted("Status")) out.Status = record.shown.Status;
  if (wanted("Color")) out.Color = record.shown.Health;
  if (wanted("Causes")) out.Causes = record.causes;
  if (wanted("InstancesHealth")) {
    InstanceHealthSummary summary{.NoData = 0,
                                  .Unknown = 0,
                                  .Pending = 0,
                                  .Ok = 0,
                                  .Info = 0,
                                  .Warning = 0,
                                  .Degraded = 0,
                                  .Severe = 0};
    if (!record.resources.group_name.empty())
      for (const InstanceFacts& one : assess(call, record).instances) {
        if (!one.counts())
          ++*summary.Info;
        else if (one.healthy())
          ++*summary.Ok;
        else if (one.target == "unhealthy")
          ++*summary.Severe;
        else
          ++*summary.Pending;
      }
    out.InstancesHealth = summary;
  }
  if (wanted("RefreshedAt")) out.RefreshedAt = call.now;
  return out;
}

}  // namespace landfall::elasticbeanstalk
