#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeAccountAttributesResult DescribeAccountAttributes(Call& call,
                                                          const DescribeAccountAttributesRequest& in) {
  const auto vpc = default_vpc(call);
  const std::string limit = std::to_string(kMaxAddresses);
  const std::vector<std::pair<std::string, std::string>> all{
      {"supported-platforms", "VPC"}, {"default-vpc", vpc ? vpc->vpc_id : "none"},
      {"max-instances", "20"},        {"vpc-max-security-groups-per-interface", "5"},
      {"max-elastic-ips", limit},     {"vpc-max-elastic-ips", limit},
  };
  DescribeAccountAttributesResult out;
  for (const auto& [name, value] : all) {
    if (!in.AttributeNames.empty() && std::ranges::find(in.AttributeNames, name) == in.AttributeNames.end())
      continue;
    AccountAttribute& shown = out.AccountAttributes.emplace_back();
    shown.AttributeName = name;
    shown.AttributeValues.emplace_back().AttributeValue = value;
  }
  return out;
}

}  // namespace landfall::ec2
