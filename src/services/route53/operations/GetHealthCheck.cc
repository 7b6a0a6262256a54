#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"

namespace landfall::route53 {

GetHealthCheckResponse GetHealthCheck(Call& call, const GetHealthCheckRequest& in) {
  return {.HealthCheck = find_health_check(call, in.HealthCheckId).shown};
}

}  // namespace landfall::route53
