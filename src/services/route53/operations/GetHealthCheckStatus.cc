#include "gateway/call.h"
#include "gateway/observations.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"

namespace landfall::route53 {

// One checker, edge, where AWS has one in each region.
GetHealthCheckStatusResponse GetHealthCheckStatus(Call& call, const GetHealthCheckStatusRequest& in) {
  const HealthCheckRecord record = find_health_check(call, in.HealthCheckId);
  GetHealthCheckStatusResponse out;
  if (const auto seen =
          call.plane.observations.get<HealthCheckStatus>(kHealthCheckStatusKind, *record.shown.Id))
    out.HealthCheckObservations.push_back(
        {.Region = call.plane.config.region,
         .IPAddress = "127.0.0.1",
         .StatusReport = StatusReport{.Status = told_status(record, seen->status),
                                      .CheckedTime = Timestamp{seen->checked_ms}}});
  return out;
}

}  // namespace landfall::route53
