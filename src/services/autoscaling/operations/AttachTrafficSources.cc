// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachTrafficSources.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/traffic_sources.h"

namespace landfall::autoscaling {

AttachTrafficSourcesResultType AttachTrafficSources(Call& call, const AttachTrafficSourcesType& in) {
  std::vector<std::string> arns;
  for (const TrafficSourceIdentifier& source : in.TrafficSources) arns.push_back(target_group_of(source));
  attach_target_groups(call, *in.AutoScalingGroupName, arns);
  return {};
}

}  // namespace landfall::autoscaling
