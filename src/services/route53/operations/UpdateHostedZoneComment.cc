#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

UpdateHostedZoneCommentResponse UpdateHostedZoneComment(Call& call,
                                                        const UpdateHostedZoneCommentRequest& in) {
  HostedZoneRecord zone = *find_zone(call, in.Id);
  zone.comment = in.Comment.value_or("");
  call.global_rows(kZones).put(zone.id, zone);
  return {.HostedZone = to_shape(call, zone)};
}

}  // namespace landfall::route53
