#include <fmt/format.h>
#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

AssociateVPCWithHostedZoneResponse AssociateVPCWithHostedZone(Call& call,
                                                              const AssociateVPCWithHostedZoneRequest& in) {
  HostedZoneRecord zone = *find_zone(call, in.HostedZoneId);
  const ZoneVpc vpc = existing_vpc(call, *in.VPC);
  if (!zone.is_private) {
    throw PublicZoneVPCAssociation(
        "You're trying to associate a VPC with a public hosted zone. Amazon Route 53 doesn't "
        "support associating a VPC with a public hosted zone.");
  }
  call.global_rows(kZones).each([&](std::string_view, const HostedZoneRecord& other) {
    for (const ZoneVpc& theirs : other.vpcs) {
      if (other.name == zone.name && theirs.id == vpc.id) {
        throw ConflictingDomainExists(
            fmt::format("The VPC {} in region {} has already been associated with the hosted "
                        "zone {} with the same domain name.",
                        vpc.id, vpc.region, other.id));
      }
    }
  });
  zone.vpcs.push_back(vpc);
  call.global_rows(kZones).put(zone.id, zone);
  publish_zone(call, zone);
  return {.ChangeInfo = record_change(call, zone.id, in.Comment)};
}

}  // namespace landfall::route53
