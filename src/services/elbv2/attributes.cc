#include "services/elbv2/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/ascii.h"
#include "elbv2/errors.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {
namespace {

// Whether a value may be, and how the message says what may.
struct Values {
  std::function<bool(std::string_view)> allows;
  std::string allowed;
};

Values one_of(std::vector<std::string_view> values) {
  return {[values](std::string_view value) { return std::ranges::find(values, value) != values.end(); },
          fmt::format("one of {}", fmt::join(values, ", "))};
}
Values boolean() { return one_of({"true", "false"}); }
Values only(std::string_view value, const std::string& why) {
  return {[value](std::string_view given) { return given == value; }, fmt::format("{} ({})", value, why)};
}
bool is_between(std::string_view text, int64_t least, int64_t most) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= least && number <= most;
}
Values number(int64_t least, int64_t most) {
  return {[=](std::string_view value) { return is_between(value, least, most); },
          fmt::format("a number from {} to {}", least, most)};
}
Values number_or(std::string_view word, int64_t least, int64_t most) {
  return {[=](std::string_view value) { return value == word || is_between(value, least, most); },
          fmt::format("{} or a number from {} to {}", word, least, most)};
}
Values any() {
  return {[](std::string_view) { return true; }, "anything"};
}

// RFC 9110 section 5.5: a line break in it would make two fields of one.
constexpr size_t kMostOfAField = 1024;
bool is_field_value(std::string_view value) {
  return value.size() <= kMostOfAField &&
         std::ranges::all_of(value, [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
}
// The empty value takes the field away.
Values field_value(std::function<bool(std::string_view)> allows, std::string allowed) {
  return {[allows = std::move(allows)](std::string_view value) {
            return value.empty() || (is_field_value(value) && allows(value));
          },
          std::move(allowed)};
}
Values field_value() {
  return field_value([](std::string_view) { return true; },
                     "the value of one header field, at most 1024 long");
}
Values field_name() {
  constexpr size_t kMostOfAName = 40;
  return {[](std::string_view value) {
            return value.size() <= kMostOfAName && std::ranges::all_of(value, [](unsigned char c) {
                     return std::isalnum(c) || c == '-' || c == '_';
                   });
          },
          "at most 40 letters, digits, - and _"};
}

std::map<std::string, Values, std::less<>> make_rules() {
  constexpr int64_t kWeek = 604'800, kMostTargets = 1000;
  std::map<std::string, Values, std::less<>> rules{
      // load balancers
      {"client_keep_alive.seconds", number(60, kWeek)},
      {"idle_timeout.timeout_seconds", number(1, 4000)},
      {"routing.http.desync_mitigation_mode", one_of({"monitor", "defensive", "strictest"})},
      {"routing.http.xff_header_processing.mode", one_of({"append", "preserve", "remove"})},
      {"access_logs.s3.bucket", any()},
      {"access_logs.s3.prefix", any()},
      {"connection_logs.s3.bucket", any()},
      {"connection_logs.s3.prefix", any()},
      // target groups
      {"deregistration_delay.timeout_seconds", number(0, 3600)},
      {"load_balancing.algorithm.anomaly_mitigation", one_of({"on", "off"})},
      {"load_balancing.algorithm.type",
       one_of({"round_robin", "least_outstanding_requests", "weighted_random"})},
      {"slow_start.duration_seconds",
       {[](std::string_view value) { return value == "0" || is_between(value, 30, 900); },
        "0 or a number from 30 to 900"}},
      {"stickiness.type", one_of({"lb_cookie", "app_cookie"})},
      {"stickiness.app_cookie.duration_seconds", number(1, kWeek)},
      {"stickiness.lb_cookie.duration_seconds", number(1, kWeek)},
      {"stickiness.app_cookie.cookie_name",
       {[](std::string_view value) {
          const std::string lower = ascii_lower(value);
          return lower != "awsalb" && lower != "awsalbapp" && lower != "awsalbtg";
        },
        "a cookie's name, not AWSALB, AWSALBAPP or AWSALBTG"}},
      {"target_group_health.dns_failover.minimum_healthy_targets.count", number_or("off", 1, kMostTargets)},
      {"target_group_health.dns_failover.minimum_healthy_targets.percentage", number_or("off", 1, 100)},
      {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", number(1, kMostTargets)},
      {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
       number_or("off", 1, 100)},
      // listeners
      {"routing.http.response.access_control_allow_credentials.header_value",
       field_value([](std::string_view value) { return value == "true"; }, "true")},
      {"routing.http.response.access_control_max_age.header_value",
       field_value([](std::string_view value) { return is_between(value, 0, 86'400); },
                   "a number from 0 to 86400")},
      {"routing.http.response.x_content_type_options.header_value",
       field_value([](std::string_view value) { return value == "nosniff"; }, "nosniff")},
      {"routing.http.response.x_frame_options.header_value",
       field_value(
           [](std::string_view value) {
             return value == "DENY" || value == "SAMEORIGIN" || value.starts_with("ALLOW-FROM ");
           },
           "one of DENY, SAMEORIGIN, ALLOW-FROM https://example.com")}};
  for (const char* key :
       {"access_logs.s3.enabled", "connection_logs.s3.enabled", "deletion_protection.enabled",
        "routing.http.drop_invalid_header_fields.enabled", "routing.http.preserve_host_header.enabled",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "routing.http.xff_client_port.enabled",
        "routing.http2.enabled", "waf.fail_open.enabled", "zonal_shift.config.enabled", "stickiness.enabled",
        "routing.http.response.server.enabled"})
    rules[key] = boolean();
  return rules;
}

Values rule_for(std::string_view what, std::string_view key) {
  static const auto rules = make_rules();
  if (key == "load_balancing.cross_zone.enabled")
    return what == "Load balancer" ? only("true", "an Application Load Balancer's targets turn it off")
                                   : one_of({"true", "false", "use_load_balancer_configuration"});
  if (const auto found = rules.find(key); found != rules.end()) return found->second;
  if (key.ends_with(".header_name")) return field_name();
  return field_value();
}

}  // namespace

void check_attribute(std::string_view what, const Attributes& known, std::string_view key,
                     std::string_view value) {
  if (!known.contains(std::string(key)))
    throw InvalidConfigurationRequestException(
        fmt::format("{} attribute key '{}' is not recognized", what, key));
  const Values rule = rule_for(what, key);
  if (!rule.allows(value))
    throw InvalidConfigurationRequestException(
        fmt::format("{} attribute '{}' has the value '{}', which is not valid: it must be {}", what, key,
                    value, rule.allowed));
}

void check_target_group_attributes(const Attributes& set) {
  const auto get = [&](const char* key) { return attribute(set, default_target_group_attributes(), key); };
  const std::string algorithm = get("load_balancing.algorithm.type");
  if (get("load_balancing.algorithm.anomaly_mitigation") == "on" && algorithm != "weighted_random")
    throw InvalidConfigurationRequestException(
        "load_balancing.algorithm.anomaly_mitigation is of the algorithm weighted_random only");
  if (get("slow_start.duration_seconds") != "0" && algorithm != "round_robin")
    throw InvalidConfigurationRequestException(
        "slow_start.duration_seconds is of the algorithm round_robin only, not of " + algorithm);
  if (get("stickiness.enabled") == "true" && get("stickiness.type") == "app_cookie" &&
      get("stickiness.app_cookie.cookie_name").empty())
    throw InvalidConfigurationRequestException(
        "stickiness.app_cookie.cookie_name must be given for stickiness.type app_cookie");
}

}  // namespace landfall::elbv2
