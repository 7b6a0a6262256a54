#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

// No zone is signed: Landfall does not sign yet.
GetDNSSECResponse GetDNSSEC(Call& call, const GetDNSSECRequest& in) {
  const auto zone = find_zone(call, in.HostedZoneId);
  if (zone->is_private) throw InvalidArgument("DNSSEC is not for private hosted zones.");
  return {.Status = DNSSECStatus{.ServeSignature = "NOT_SIGNING"}};
}

}  // namespace landfall::route53
