// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTrafficSources.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DescribeTrafficSourcesResponse DescribeTrafficSources(Call& call, const DescribeTrafficSourcesRequest& in) {
  DescribeTrafficSourcesResponse out;
  if (in.TrafficSourceType.value_or("elbv2") != "elbv2") return out;
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(kDefaultPage));
  bool past = !in.NextToken;  // the token is the last one's ARN
  for (const std::string& arn : find_group(call, *in.AutoScalingGroupName).shown.TargetGroupARNs) {
    if (past && out.TrafficSources.size() == limit) {
      out.NextToken = out.TrafficSources.back().Identifier;
      break;
    }
    if (past) out.TrafficSources.push_back({.State = "InService", .Identifier = arn, .Type = "elbv2"});
    past = past || arn == *in.NextToken;
  }
  return out;
}

}  // namespace landfall::autoscaling
