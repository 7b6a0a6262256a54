#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

DisassociateVPCFromHostedZoneResponse DisassociateVPCFromHostedZone(
    Call& call, const DisassociateVPCFromHostedZoneRequest& in) {
  HostedZoneRecord zone = *find_zone(call, in.HostedZoneId);
  const size_t gone = std::erase_if(zone.vpcs, [&](const ZoneVpc& vpc) { return vpc.id == in.VPC->VPCId; });
  if (gone == 0) {
    throw VPCAssociationNotFound("The VPC: " + in.VPC->VPCId.value_or("") +
                                 " is not currently associated with the hosted zone " + zone.id);
  }
  if (zone.vpcs.empty()) {
    throw LastVPCAssociation("Cannot remove last VPC association for the private zone");
  }
  call.global_rows(kZones).put(zone.id, zone);
  publish_zone(call, zone);
  return {.ChangeInfo = record_change(call, zone.id, in.Comment)};
}

}  // namespace landfall::route53
