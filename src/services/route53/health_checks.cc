#include "services/route53/health_checks.h"

#include <algorithm>

#include "cloudwatch/operations.h"
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

// Of a CLOUDWATCH_METRIC check, where it is there.
std::optional<cloudwatch::MetricAlarm> find_alarm(const Call& call, const HealthCheckConfig& config) {
  Call there = call.as_service("route53.amazonaws.com");
  there.region = config.AlarmIdentifier->Region.value_or("");
  auto found = cloudwatch::DescribeAlarms(there, {.AlarmNames = {config.AlarmIdentifier->Name.value_or("")}});
  if (found.MetricAlarms.empty()) return std::nullopt;
  return std::move(found.MetricAlarms.front());
}

// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
void check_alarm(Call& call, const HealthCheckConfig& config) {
  if (!config.AlarmIdentifier || !config.AlarmIdentifier->Name || !config.AlarmIdentifier->Region)
    throw InvalidInput(
        "Invalid health check configuration: A CLOUDWATCH_METRIC health check must have an AlarmIdentifier.");
  if (!find_alarm(call, config))
    throw InvalidInput("Invalid health check configuration: There is no CloudWatch alarm " +
                       *config.AlarmIdentifier->Name + " in " + *config.AlarmIdentifier->Region + ".");
  if (config.IPAddress || config.FullyQualifiedDomainName || config.ResourcePath || config.SearchString)
    throw InvalidInput(
        "Invalid health check configuration: A CLOUDWATCH_METRIC health check has no endpoint.");
}

// AWS looks at the alarm's metric by itself, with the alarm's settings of the time when the check was
// written; here the alarm's own state is what counts, whoever set it.
bool is_alarm_healthy(const std::optional<cloudwatch::MetricAlarm>& alarm, const HealthCheckConfig& config,
                      bool last) {
  const std::string state = alarm ? alarm->StateValue.value_or("") : "";
  if (state == "OK") return true;
  if (state == "ALARM") return false;
  const std::string otherwise = config.InsufficientDataHealthStatus.value_or("LastKnownStatus");
  return otherwise == "LastKnownStatus" ? last : otherwise == "Healthy";
}

void follow_alarm(Call& call, HealthCheckRecord& record) {
  const HealthCheckConfig& config = *record.shown.HealthCheckConfig;
  if (*config.Type != kAlarmType) return;
  const auto alarm = find_alarm(call, config);
  record.alarm_healthy = is_alarm_healthy(alarm, config, record.alarm_healthy);
  if (!alarm) return;
  auto& shown = record.shown.CloudWatchAlarmConfiguration.emplace();
  shown.EvaluationPeriods = alarm->EvaluationPeriods;
  shown.Threshold = alarm->Threshold;
  shown.ComparisonOperator = alarm->ComparisonOperator;
  shown.Period = alarm->Period;
  shown.MetricName = alarm->MetricName;
  shown.Namespace = alarm->Namespace;
  shown.Statistic = alarm->Statistic;
  for (const auto& dimension : alarm->Dimensions)
    shown.Dimensions.push_back({.Name = dimension.Name, .Value = dimension.Value});
}

}  // namespace

HealthCheckRecord find_health_check(Call& call, const std::optional<std::string>& id) {
  const auto stored = call.global_rows(kHealthChecks).get(id.value_or(""));
  if (!stored) throw NoSuchHealthCheck("No health check exists with the ID: " + id.value_or(""));
  return *stored;
}

void put_health_check(Call& call, const HealthCheckRecord& given) {
  HealthCheckRecord record = given;
  follow_alarm(call, record);
  call.global_rows(kHealthChecks).put(*record.shown.Id, record);
  publish(call.txn, kHealthCheckSnapshotKind, *record.shown.Id, to_snapshot(record));
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
  if (type == kAlarmType) return check_alarm(call, config);
  if (type != "TCP" && !is_http(type))
    throw InvalidInput("Landfall has no health checks of type " + type + ".");
  check_endpoint(config, type);
}

std::string told_status(const HealthCheckRecord& record, const std::string& status) {
  if (*record.shown.HealthCheckConfig->Type != kAlarmType || !status.starts_with("Failure")) return status;
  return "Failure: the state of the CloudWatch alarm says that it is unhealthy";
}

HealthCheckSnapshot to_snapshot(const HealthCheckRecord& record) {
  const HealthCheck& check = record.shown;
  const HealthCheckConfig& config = *check.HealthCheckConfig;
  std::string type = *config.Type;
  int64_t threshold = config.HealthThreshold.value_or(0);
  if (type == kAlarmType) {  // calculated of no children: healthy if none need be
    type = "CALCULATED";
    threshold = record.alarm_healthy ? 0 : 1;
  }
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
          .health_threshold = threshold};
}

}  // namespace landfall::route53
