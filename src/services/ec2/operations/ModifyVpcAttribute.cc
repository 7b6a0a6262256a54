#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// One attribute a call, as EC2 has it.
aws::Empty ModifyVpcAttribute(Call& call, const ModifyVpcAttributeRequest& in) {
  VpcRecord vpc = *require(call, kVpcs, in.VpcId.value_or(""));
  int given = 0;
  const auto take = [&](const std::optional<AttributeBooleanValue>& attribute, bool& field) {
    if (!attribute) return;
    ++given;
    field = attribute->Value.value_or(false);
  };
  take(in.EnableDnsHostnames, vpc.enable_dns_hostnames);
  take(in.EnableDnsSupport, vpc.enable_dns_support);
  take(in.EnableNetworkAddressUsageMetrics, vpc.enable_network_address_usage_metrics);
  if (given != 1) throw_error("InvalidParameterCombination", "Exactly one VPC attribute must be given");
  rows(call, kVpcs).put(vpc.vpc_id, vpc);
  if (in.EnableDnsSupport) publish_metadata(call, vpc.vpc_id);  // edge ends or starts the VPC's resolver
  return {};
}

}  // namespace landfall::ec2
