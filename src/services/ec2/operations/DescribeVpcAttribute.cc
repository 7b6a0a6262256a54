#include "ec2/operations.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeVpcAttributeResult DescribeVpcAttribute(Call& call, const DescribeVpcAttributeRequest& in) {
  const auto vpc = require(call, kVpcs, in.VpcId.value_or(""));
  DescribeVpcAttributeResult out;
  out.VpcId = vpc->vpc_id;
  const std::string attribute = in.Attribute.value_or("");
  if (attribute == "enableDnsSupport") {
    out.EnableDnsSupport.emplace().Value = vpc->enable_dns_support;
  } else if (attribute == "enableDnsHostnames") {
    out.EnableDnsHostnames.emplace().Value = vpc->enable_dns_hostnames;
  } else if (attribute == "enableNetworkAddressUsageMetrics") {
    out.EnableNetworkAddressUsageMetrics.emplace().Value = vpc->enable_network_address_usage_metrics;
  } else {
    throw_invalid(
        fmt::format("Value ({}) for parameter attribute is invalid. Unknown attribute.", attribute));
  }
  return out;
}

}  // namespace landfall::ec2
