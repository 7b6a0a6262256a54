#include "gateway/call.h"
#include "gateway/observations.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"

namespace landfall::route53 {

GetHealthCheckLastFailureReasonResponse GetHealthCheckLastFailureReason(
    Call& call, const GetHealthCheckLastFailureReasonRequest& in) {
  const HealthCheckRecord record = find_health_check(call, in.HealthCheckId);
  GetHealthCheckLastFailureReasonResponse out;
  const auto seen = call.plane.observations.get<HealthCheckStatus>(kHealthCheckStatusKind, *record.shown.Id);
  if (seen && !seen->last_failure.empty())
    out.HealthCheckObservations.push_back(
        {.Region = call.plane.config.region,
         .IPAddress = "127.0.0.1",
         .StatusReport = StatusReport{.Status = told_status(record, seen->last_failure),
                                      .CheckedTime = Timestamp{seen->failed_ms}}});
  return out;
}

}  // namespace landfall::route53
