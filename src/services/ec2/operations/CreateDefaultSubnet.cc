#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/regions.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

CreateDefaultSubnetResult CreateDefaultSubnet(Call& call, const CreateDefaultSubnetRequest& in) {
  const std::string wanted = in.AvailabilityZone ? *in.AvailabilityZone : in.AvailabilityZoneId.value_or("");
  if (wanted.empty()) throw_missing("AvailabilityZone");
  const auto zone = find_zone(call.region, wanted);
  if (!zone) throw_invalid(fmt::format("Value ({}) for parameter availabilityZone is invalid.", wanted));
  const auto vpc = default_vpc(call);
  if (!vpc) throw_error("DefaultVpcDoesNotExist", "No default VPC exists for this account in this region.");
  const std::vector<SubnetRecord> subnets = subnets_of(call, vpc->vpc_id);
  for (const SubnetRecord& subnet : subnets)
    if (subnet.default_for_az && subnet.availability_zone == zone->name)
      throw_error("DefaultSubnetAlreadyExistsInAvailabilityZone",
                  fmt::format("'{}' is already the default subnet in {}.", subnet.subnet_id, zone->name));
  Cidr block{Cidr::parse(vpc->cidr)->base, 20};  // the first /20 that is free
  const auto taken = [&] {
    return std::ranges::any_of(subnets,
                               [&](const SubnetRecord& s) { return Cidr::parse(s.cidr)->overlaps(block); });
  };
  while (taken()) {
    block.base += static_cast<uint32_t>(block.size());
    if (!Cidr::parse(vpc->cidr)->contains(block))
      throw_error("InvalidSubnet.Range", "There is no room for another default subnet in the default VPC.");
  }
  const SubnetRecord subnet = create_subnet(
      call,
      {.vpc_id = vpc->vpc_id, .cidr = block.text(), .availability_zone = zone->name, .default_for_az = true});
  CreateDefaultSubnetResult out;
  out.Subnet = render(call, subnet);
  return out;
}

}  // namespace landfall::ec2
