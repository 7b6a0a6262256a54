#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

GetHostedZoneResponse GetHostedZone(Call& call, const GetHostedZoneRequest& in) {
  const auto zone = find_zone(call, in.Id);
  GetHostedZoneResponse out{.HostedZone = to_shape(call, *zone)};
  if (!zone->is_private) out.DelegationSet = delegation_set(*zone);
  for (const ZoneVpc& vpc : zone->vpcs) out.VPCs.push_back({.VPCRegion = vpc.region, .VPCId = vpc.id});
  return out;
}

}  // namespace landfall::route53
