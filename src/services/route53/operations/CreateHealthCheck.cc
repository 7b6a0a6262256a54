#include "codec/fields.h"
#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"

namespace landfall::route53 {

CreateHealthCheckResponse CreateHealthCheck(Call& call, const CreateHealthCheckRequest& in) {
  const auto answer = [](const HealthCheckRecord& record) {
    return CreateHealthCheckResponse{
        .HealthCheck = record.shown,
        .Location = "https://route53.amazonaws.com/2013-04-01/healthcheck/" + *record.shown.Id};
  };
  size_t count = 0;
  for (const auto& [id, other] : call.global_rows(kHealthChecks).all()) {
    ++count;
    if (other->shown.CallerReference != in.CallerReference) continue;
    // The same reference: the same request again, or a mistake.
    if (to_json(*other->shown.HealthCheckConfig) == to_json(*in.HealthCheckConfig)) return answer(*other);
    throw HealthCheckAlreadyExists("A health check with the caller reference " + *in.CallerReference +
                                   " but different settings already exists.");
  }
  if (count >= kMaxHealthChecks)
    throw TooManyHealthChecks("You have reached the maximum number of active health checks.");
  check_config(call, *in.HealthCheckConfig);
  HealthCheckRecord record;
  record.shown.Id = call.random().uuid();
  record.shown.CallerReference = in.CallerReference;
  record.shown.HealthCheckConfig = in.HealthCheckConfig;
  record.shown.HealthCheckVersion = 1;
  put_health_check(call, record);
  return answer(record);
}

}  // namespace landfall::route53
