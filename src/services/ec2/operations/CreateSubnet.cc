#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/regions.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {
std::string chosen_zone(const Call& call, const CreateSubnetRequest& in) {
  if (!in.AvailabilityZone && !in.AvailabilityZoneId) return zones_of(call.region).front().name;
  const std::string wanted = in.AvailabilityZone ? *in.AvailabilityZone : *in.AvailabilityZoneId;
  const auto zone = find_zone(call.region, wanted);
  if (!zone)
    throw_invalid(
        fmt::format("Value ({}) for parameter availabilityZone is invalid. Subnets can currently only be "
                    "created in the availability zones of this region.",
                    wanted));
  return zone->name;
}
}  // namespace

CreateSubnetResult CreateSubnet(Call& call, const CreateSubnetRequest& in) {
  refuse(in, kCreateSubnetRefusals);
  const auto vpc = require(call, kVpcs, in.VpcId.value_or(""));
  if (!in.CidrBlock) throw_missing("cidrBlock");
  const auto cidr = Cidr::parse_any(*in.CidrBlock);
  if (!cidr)
    throw_invalid(fmt::format(
        "Value ({}) for parameter cidrBlock is invalid. This is not a valid CIDR block.", *in.CidrBlock));
  if (cidr->prefix < 16 || cidr->prefix > 28 || !Cidr::parse(vpc->cidr)->contains(*cidr))
    throw_error("InvalidSubnet.Range", fmt::format("The CIDR '{}' is invalid.", *in.CidrBlock));
  for (const SubnetRecord& other : subnets_of(call, vpc->vpc_id)) {
    if (Cidr::parse(other.cidr)->overlaps(*cidr))
      throw_error("InvalidSubnet.Conflict",
                  fmt::format("The CIDR '{}' conflicts with another subnet", *in.CidrBlock));
  }
  const TagMap tags = tags_for(in.TagSpecifications, "subnet");
  const SubnetRecord subnet = create_subnet(
      call, {.vpc_id = vpc->vpc_id, .cidr = cidr->text(), .availability_zone = chosen_zone(call, in)});
  put_tags(call, subnet.subnet_id, "subnet", tags);
  CreateSubnetResult out;
  out.Subnet = render(call, subnet);
  return out;
}

}  // namespace landfall::ec2
