#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"

namespace landfall::route53 {

namespace {

void reset(HealthCheckConfig& config, const std::vector<std::string>& elements) {
  for (const std::string& element : elements) {
    if (element == "FullyQualifiedDomainName") config.FullyQualifiedDomainName.reset();
    if (element == "Regions") config.Regions.clear();
    if (element == "ResourcePath") config.ResourcePath.reset();
    if (element == "ChildHealthChecks") config.ChildHealthChecks.clear();
  }
}

}  // namespace

UpdateHealthCheckResponse UpdateHealthCheck(Call& call, const UpdateHealthCheckRequest& in) {
  HealthCheckRecord record = find_health_check(call, in.HealthCheckId);
  if (in.HealthCheckVersion && in.HealthCheckVersion != record.shown.HealthCheckVersion)
    throw HealthCheckVersionMismatch("The health check's version is " +
                                     std::to_string(*record.shown.HealthCheckVersion) + ".");
  HealthCheckConfig& config = *record.shown.HealthCheckConfig;
  const auto set = [](auto& to, const auto& from) {
    if (from) to = from;
  };
  reset(config, in.ResetElements);
  set(config.IPAddress, in.IPAddress);
  set(config.Port, in.Port);
  set(config.ResourcePath, in.ResourcePath);
  set(config.FullyQualifiedDomainName, in.FullyQualifiedDomainName);
  set(config.SearchString, in.SearchString);
  set(config.FailureThreshold, in.FailureThreshold);
  set(config.Inverted, in.Inverted);
  set(config.Disabled, in.Disabled);
  set(config.HealthThreshold, in.HealthThreshold);
  set(config.EnableSNI, in.EnableSNI);
  set(config.InsufficientDataHealthStatus, in.InsufficientDataHealthStatus);
  set(config.AlarmIdentifier, in.AlarmIdentifier);
  if (!in.ChildHealthChecks.empty()) config.ChildHealthChecks = in.ChildHealthChecks;
  if (!in.Regions.empty()) config.Regions = in.Regions;
  check_config(call, config);
  record.shown.HealthCheckVersion = *record.shown.HealthCheckVersion + 1;
  put_health_check(call, record);
  return {.HealthCheck = record.shown};
}

}  // namespace landfall::route53
