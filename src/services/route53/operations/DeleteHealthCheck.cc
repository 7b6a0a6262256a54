#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"

namespace landfall::route53 {

DeleteHealthCheckResponse DeleteHealthCheck(Call& call, const DeleteHealthCheckRequest& in) {
  const HealthCheckRecord record = find_health_check(call, in.HealthCheckId);
  call.global_rows(kHealthChecks).erase(*record.shown.Id);
  unpublish(call.txn, kHealthCheckSnapshotKind, *record.shown.Id);
  return {};
}

}  // namespace landfall::route53
