#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"

namespace landfall::route53 {

GetHealthCheckCountResponse GetHealthCheckCount(Call& call, const GetHealthCheckCountRequest&) {
  return {.HealthCheckCount = static_cast<int64_t>(call.global_rows(kHealthChecks).all().size())};
}

}  // namespace landfall::route53
