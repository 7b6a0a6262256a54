#include "services/elbv2/dataplane/config.h"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/ascii.h"
#include "base/encoding.h"
#include "services/elbv2/dataplane/tls_policy.h"

namespace landfall::elbv2::dataplane {
namespace {

using Attributes = std::map<std::string, std::string>;

std::string_view text_of(const Attributes& attributes, const std::string& key, std::string_view otherwise) {
  auto it = attributes.find(key);
  return it == attributes.end() ? otherwise : std::string_view(it->second);
}

bool flag_of(const Attributes& attributes, const std::string& key, bool otherwise) {
  return text_of(attributes, key, otherwise ? "true" : "false") == "true";
}

int64_t number_of(const Attributes& attributes, const std::string& key, int64_t otherwise) {
  const std::string_view text = text_of(attributes, key, "");
  int64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The last digits of "HTTP_301" or "404".
int status_of(std::string_view code, int otherwise) {
  const size_t underscore = code.rfind('_');
  if (underscore != std::string_view::npos) code.remove_prefix(underscore + 1);
  int value = otherwise;
  std::from_chars(code.data(), code.data() + code.size(), value);
  return value;
}

std::string digest(std::string_view text) {
  unsigned char sum[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), sum);
  return to_hex({reinterpret_cast<const char*>(sum), 16});
}

std::unique_ptr<TargetGroup> compile_group(TargetGroupSnapshot snapshot, const LoadBalancerSnapshot& balancer,
                                           HealthTable& health, std::set<std::string>& keys) {
  auto group = std::make_unique<TargetGroup>();
  group->dimension = metric_dimension(snapshot.arn);
  group->cookie = digest(snapshot.arn);
  const Attributes& attributes = snapshot.attributes;
  if (flag_of(attributes, "stickiness.enabled", false)) {
    const bool app = text_of(attributes, "stickiness.type", "lb_cookie") == "app_cookie";
    group->stickiness = app ? Stickiness::app_cookie : Stickiness::lb_cookie;
    group->stickiness_seconds = number_of(
        attributes, app ? "stickiness.app_cookie.duration_seconds" : "stickiness.lb_cookie.duration_seconds",
        86'400);
    group->app_cookie_name = text_of(attributes, "stickiness.app_cookie.cookie_name", "");
  }
  const std::string_view algorithm = text_of(attributes, "load_balancing.algorithm.type", "round_robin");
  group->algorithm = algorithm == "least_outstanding_requests" ? TargetGroup::Algorithm::least_outstanding
                     : algorithm == "weighted_random"          ? TargetGroup::Algorithm::random
                                                               : TargetGroup::Algorithm::round_robin;
  constexpr char kThreshold[] = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.";
  group->slow_start_ns = number_of(attributes, "slow_start.duration_seconds", 0) * 1'000'000'000;
  group->minimum_healthy = number_of(attributes, std::string(kThreshold) + "count", 1);
  group->minimum_healthy_percent = number_of(attributes, std::string(kThreshold) + "percentage", 0);
  const std::string_view cross =
      text_of(attributes, "load_balancing.cross_zone.enabled", "use_load_balancer_configuration");
  group->cross_zone =
      cross == "true" ||
      (cross != "false" && flag_of(balancer.attributes, "load_balancing.cross_zone.enabled", true));
  for (TargetSnapshot& target : snapshot.targets) {
    Target made;
    made.key = snapshot.arn + " " + target.id + ":" + std::to_string(target.port);
    made.cookie = digest(made.key);
    keys.insert(made.key);
    auto& state = health[made.key];
    if (!state) state = std::make_shared<TargetHealth>();
    made.health = state;
    made.snapshot = std::move(target);
    group->targets.push_back(std::move(made));
  }
  snapshot.targets.clear();
  group->snapshot = std::move(snapshot);
  return group;
}

Action compile_action(const std::vector<ActionSnapshot>& actions, const LoadBalancerConfig& config) {
  Action action;
  if (actions.empty()) return action;
  action.snapshot = actions.back();  // authentication actions come before the one that decides
  const ActionSnapshot& last = action.snapshot;
  if (last.type == "redirect") {
    action.kind = Action::Kind::redirect;
    action.status = status_of(last.status_code, 302);
  } else if (last.type == "fixed-response") {
    action.status = status_of(last.status_code, 200);
  } else if (last.type == "forward") {
    action.kind = Action::Kind::forward;
    for (const WeightedTargetGroupSnapshot& weighted : last.target_groups) {
      auto it = config.groups.find(weighted.target_group_arn);
      if (it == config.groups.end()) continue;
      const int64_t weight = std::max<int64_t>(weighted.weight, 0);
      action.groups.push_back({it->second.get(), weight});
      action.total_weight += weight;
    }
  }
  return action;
}

// The attribute's middle is the field's name, but for case and underscores: "x_frame_options".
std::string field_name(std::string_view key) {
  std::string name(key);
  bool begins = true;
  for (char& c : name) {
    if (begins && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    begins = c == '_';
    if (begins) c = '-';
  }
  return name;
}

HeaderChanges compile_headers(const Attributes& attributes) {
  constexpr std::string_view kResponse = "routing.http.response.", kValue = ".header_value";
  HeaderChanges out;
  for (const auto& [key, value] : attributes) {
    if (!key.starts_with(kResponse) || !key.ends_with(kValue) || value.empty()) continue;
    const std::string name = field_name(
        std::string_view(key).substr(kResponse.size(), key.size() - kResponse.size() - kValue.size()));
    out.lines.append(name).append(": ").append(value).append("\r\n");
    out.replaced.push_back(ascii_lower(name));
  }
  out.server = flag_of(attributes, "routing.http.response.server.enabled", true);
  const auto rename = [&](std::string& name, const char* key) {
    if (const std::string_view given = text_of(attributes, key, ""); !given.empty()) name = given;
  };
  rename(out.tls_version_name, "routing.http.request.x_amzn_tls_version.header_name");
  rename(out.tls_cipher_name, "routing.http.request.x_amzn_tls_cipher_suite.header_name");
  return out;
}

Result<ListenerConfig> compile_listener(ListenerSnapshot snapshot, const LoadBalancerConfig& config) {
  ListenerConfig listener;
  listener.arn = snapshot.arn;
  listener.port = static_cast<uint16_t>(snapshot.port);
  listener.https = snapshot.protocol == "HTTPS";
  listener.headers = compile_headers(snapshot.attributes);
  std::ranges::stable_sort(snapshot.rules, {}, &RuleSnapshot::priority);
  for (RuleSnapshot& rule : snapshot.rules) {
    Action action = compile_action(rule.actions, config);
    listener.rules.push_back({std::move(rule), std::move(action)});
  }
  listener.rules.push_back({RuleSnapshot{}, compile_action(snapshot.default_actions, config)});
  if (!listener.https) return listener;
  const TlsPolicy policy = tls_policy(snapshot.ssl_policy);
  for (CertificateSnapshot& certificate : snapshot.certificates) {
    auto context =
        net::make_server_tls({.chain_pem = certificate.chain_pem,
                              .key_pem = certificate.key_pem,
                              .alpn = config.http2 ? net::Alpn::h2_and_http_1_1 : net::Alpn::http_1_1,
                              .minimum = policy.minimum,
                              .maximum = policy.maximum,
                              .tls12_ciphers = policy.tls12_ciphers});
    if (!context) return fail("certificate " + certificate.arn + ": " + context.error().message);
    if (certificate.names.empty()) {
      LF_TRY(certificate.names, net::certificate_names(certificate.chain_pem));
    }
    certificate.key_pem = Secret();
    listener.certificates.push_back({std::move(certificate), std::move(*context)});
  }
  return listener;
}

}  // namespace

bool HeaderChanges::passes(std::string_view name) const {
  if (!server && equals_ignoring_case(name, "server")) return false;
  return std::ranges::none_of(replaced,
                              [&](const std::string& one) { return equals_ignoring_case(name, one); });
}

const Certificate* ListenerConfig::choose(std::string_view server_name) const {
  const Certificate* wildcard = nullptr;
  const Certificate* fallback = nullptr;
  for (const Certificate& certificate : certificates) {
    if (fallback == nullptr || certificate.snapshot.is_default) fallback = &certificate;
    for (const std::string& name : certificate.snapshot.names) {
      if (name == server_name) return &certificate;
      if (wildcard == nullptr && name.starts_with("*.") && net::name_matches(name, server_name))
        wildcard = &certificate;
    }
  }
  return wildcard != nullptr ? wildcard : fallback;
}

const ListenerConfig* LoadBalancerConfig::listener(uint16_t port) const {
  for (const ListenerConfig& listener : listeners)
    if (listener.port == port) return &listener;
  return nullptr;
}

std::string metric_dimension(std::string_view arn) {
  const size_t colon = arn.rfind(':');
  if (colon != std::string_view::npos) arn.remove_prefix(colon + 1);
  constexpr std::string_view kPrefix = "loadbalancer/";
  if (arn.starts_with(kPrefix)) arn.remove_prefix(kPrefix.size());
  return std::string(arn);
}

Result<std::shared_ptr<const LoadBalancerConfig>> compile(LoadBalancerSnapshot snapshot,
                                                          HealthTable& health) {
  auto config = std::make_shared<LoadBalancerConfig>();
  const Attributes& attributes = snapshot.attributes;
  config->dimension = metric_dimension(snapshot.arn);
  config->idle_timeout_ms = number_of(attributes, "idle_timeout.timeout_seconds", 60) * 1000;
  config->keep_alive_ms = number_of(attributes, "client_keep_alive.seconds", 3600) * 1000;
  config->http2 = flag_of(attributes, "routing.http2.enabled", true);
  config->preserve_host = flag_of(attributes, "routing.http.preserve_host_header.enabled", false);
  config->drop_invalid_fields = flag_of(attributes, "routing.http.drop_invalid_header_fields.enabled", false);
  config->tls_fields = flag_of(attributes, "routing.http.x_amzn_tls_version_and_cipher_suite.enabled", false);
  config->xff_client_port = flag_of(attributes, "routing.http.xff_client_port.enabled", false);
  config->access_logs = flag_of(attributes, "access_logs.s3.enabled", false);
  config->connection_logs = flag_of(attributes, "connection_logs.s3.enabled", false);
  const std::string_view xff = text_of(attributes, "routing.http.xff_header_processing.mode", "append");
  config->xff_mode = xff == "preserve" ? XffMode::preserve
                     : xff == "remove" ? XffMode::remove
                                       : XffMode::append;
  std::set<std::string> keys;
  for (TargetGroupSnapshot& group : snapshot.target_groups) {
    const std::string arn = group.arn;
    config->groups[arn] = compile_group(std::move(group), snapshot, health, keys);
  }
  std::erase_if(health, [&keys](const auto& entry) { return !keys.contains(entry.first); });
  for (ListenerSnapshot& listener : snapshot.listeners) {
    LF_TRY(ListenerConfig made, compile_listener(std::move(listener), *config));
    config->listeners.push_back(std::move(made));
  }
  snapshot.listeners.clear();
  snapshot.target_groups.clear();
  config->snapshot = std::move(snapshot);
  return config;
}

}  // namespace landfall::elbv2::dataplane
