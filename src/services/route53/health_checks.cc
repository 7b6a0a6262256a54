#include "services/route53/health_checks.h"

#include <algorithm>

#include "route53/errors.h"

namespace landfall::route53 {
namespace {

bool is_http(const std::string& type) { return type.starts_with("HTTP"); }
bool matches_text(const std::string& type) { return type.ends_with("_STR_MATCH"); }

void check_endpoint(const HealthCheckConfig& config, const std::string& type) {
  if (!config.IPAddress && !config.FullyQualifiedDomainName)
    throw InvalidInput(
        "Invalid health check configuration: An IP address or a domain name must be specified.");
  if (type == "TCP" && !config.Port)
    throw InvalidInput("Invalid health check configuration: A TCP health check must have a port.");
  if (type == "TCP" && config.ResourcePath)
    throw InvalidInput("Invalid health check configuration: A TCP health check has no resource path.");
  if (matches_text(type) != config.SearchString.has_value())
    throw InvalidInput(
        "Invalid health check configuration: SearchString goes with HTTP_STR_MATCH and "
        "HTTPS_STR_MATCH, and they need one.");
  if (config.RequestInterval && *config.RequestInterval != 10 && *config.RequestInterval != 30)
    throw InvalidInput("Invalid health check configuration: The request interval must be 10 or 30 seconds.");
}

}  // namespace

HealthCheckRecord find_health_check(Call& call, const std::optional<std::string>& id) {
  const auto stored = call.global_rows(kHealthChecks).get(id.value_or(""));
  if (!stored) throw NoSuchHealthCheck("No health check exists with the ID: " + id.value_or(""));
  return *stored;
}

void put_health_check(Call& call, const HealthCheckRecord& record) {
  call.global_rows(kHealthChecks).put(*record.shown.Id, record);
  publish(call.txn, kHealthCheckSnapshotKind, *record.shown.Id, to_snapshot(record.shown));
}

void check_config(Call& call, const HealthCheckConfig& config) {
  const std::string& type = *config.Type;
  if (type == "CALCULATED") {
    if (config.ChildHealthChecks.size() > kMaxChildren)
      throw InvalidInput("Invalid health check configuration: at most 256 child health checks.");
    for (const std::string& child : config.ChildHealthChecks)
      if (!call.global_rows(kHealthChecks).has(child))
        throw InvalidInput("Invalid health check configuration: no child health check " + child + ".");
    return;
  }
  if (type != "TCP" && !is_http(type))
    throw InvalidInput("Landfall probes endpoints and calculates: health checks of type " + type +
                       " are not supported yet.");
  check_endpoint(config, type);
}

HealthCheckSnapshot to_snapshot(const HealthCheck& check) {
  const HealthCheckConfig& config = *check.HealthCheckConfig;
  const std::string& type = *config.Type;
  return {.id = *check.Id,
          .type = type,
          .ip_address = config.IPAddress.value_or(""),
          .host = config.FullyQualifiedDomainName.value_or(""),
          .port = config.Port.value_or(type.starts_with("HTTPS") ? 443 : 80),
          .path = config.ResourcePath.value_or("/"),
          .search_string = config.SearchString.value_or(""),
          .interval_seconds = config.RequestInterval.value_or(kDefaultInterval),
          .failure_threshold = config.FailureThreshold.value_or(kDefaultFailureThreshold),
          .inverted = config.Inverted.value_or(false),
          .disabled = config.Disabled.value_or(false),
          .sni = config.EnableSNI.value_or(true),
          .children = config.ChildHealthChecks,
          .health_threshold = config.HealthThreshold.value_or(0)};
}

}  // namespace landfall::route53
