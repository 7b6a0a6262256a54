#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

GetHostedZoneCountResponse GetHostedZoneCount(Call& call, const GetHostedZoneCountRequest&) {
  return {.HostedZoneCount = static_cast<int64_t>(call.global_rows(kZones).all().size())};
}

}  // namespace landfall::route53
