#include "services/elbv2/balancers.h"

#include <algorithm>
#include <set>

#include "aws/arn.h"
#include "base/ascii.h"
#include "elbv2/errors.h"
#include "services/acm/acm.h"
#include "services/ec2/ec2.h"
#include "services/route53/route53.h"
#include "services/route53/snapshot.h"

namespace landfall::elbv2 {
namespace {

ActionSnapshot snapshot_of(const Action& action) {
  ActionSnapshot out{.type = action.Type.value_or("")};
  if (action.ForwardConfig) {
    for (const TargetGroupTuple& tuple : action.ForwardConfig->TargetGroups)
      out.target_groups.push_back({tuple.TargetGroupArn.value_or(""), tuple.Weight.value_or(1)});
    if (const auto& sticky = action.ForwardConfig->TargetGroupStickinessConfig;
        sticky && sticky->Enabled.value_or(false))
      out.group_stickiness_seconds = sticky->DurationSeconds.value_or(3600);
  }
  if (out.target_groups.empty() && action.TargetGroupArn)
    out.target_groups.push_back({*action.TargetGroupArn, 1});
  if (const auto& redirect = action.RedirectConfig) {
    out.status_code = redirect->StatusCode.value_or("HTTP_302");
    out.protocol = redirect->Protocol.value_or("");
    out.host = redirect->Host.value_or("");
    out.port = redirect->Port.value_or("");
    out.path = redirect->Path.value_or("");
    out.query = redirect->Query.value_or("");
  }
  if (const auto& fixed = action.FixedResponseConfig) {
    out.status_code = fixed->StatusCode.value_or("200");
    out.content_type = fixed->ContentType.value_or("");
    out.message_body = fixed->MessageBody.value_or("");
  }
  return out;
}

ConditionSnapshot snapshot_of(const RuleCondition& condition) {
  ConditionSnapshot out{.field = condition.Field.value_or(""), .values = condition.Values};
  const auto add = [&](const std::vector<std::string>& values) {
    out.values.insert(out.values.end(), values.begin(), values.end());
  };
  // Host and path patterns are in `Values` too (normalized()).
  if (condition.HttpRequestMethodConfig) add(condition.HttpRequestMethodConfig->Values);
  if (condition.SourceIpConfig) add(condition.SourceIpConfig->Values);
  if (condition.HttpHeaderConfig) {
    out.http_header_name = condition.HttpHeaderConfig->HttpHeaderName.value_or("");
    add(condition.HttpHeaderConfig->Values);
  }
  if (condition.QueryStringConfig)
    for (const auto& pair : condition.QueryStringConfig->Values)
      out.query_pairs.push_back({pair.Key.value_or(""), pair.Value.value_or("")});
  return out;
}

std::vector<ActionSnapshot> snapshots_of(const std::vector<Action>& actions) {
  std::vector<ActionSnapshot> out;
  for (const Action& action : actions) out.push_back(snapshot_of(action));
  return out;
}

CertificateSnapshot certificate(Call& call, const std::string& arn, bool is_default) {
  CertificateSnapshot out{.arn = arn, .is_default = is_default};
  if (auto material = acm::certificate_material(call.plane.config, call.txn, arn)) {
    out.chain_pem = material->chain_pem;
    out.key_pem = material->key_pem;
    out.names = material->names;
  }
  return out;
}

TargetGroupSnapshot snapshot_of(const TargetGroupRecord& record) {
  const TargetGroup& group = record.shown;
  TargetGroupSnapshot out{.arn = *group.TargetGroupArn,
                          .name = *group.TargetGroupName,
                          .protocol = group.Protocol.value_or("HTTP"),
                          .protocol_version = group.ProtocolVersion.value_or("HTTP1"),
                          .port = group.Port.value_or(80),
                          .attributes = record.attributes};
  out.health_check = {.enabled = group.HealthCheckEnabled.value_or(true),
                      .protocol = group.HealthCheckProtocol.value_or("HTTP"),
                      .port = group.HealthCheckPort.value_or("traffic-port"),
                      .path = group.HealthCheckPath.value_or("/"),
                      .interval_seconds = group.HealthCheckIntervalSeconds.value_or(30),
                      .timeout_seconds = group.HealthCheckTimeoutSeconds.value_or(5),
                      .healthy_threshold = group.HealthyThresholdCount.value_or(5),
                      .unhealthy_threshold = group.UnhealthyThresholdCount.value_or(2),
                      .matcher = group.Matcher ? group.Matcher->HttpCode.value_or("200") : "200"};
  for (const TargetRecord& target : record.targets)
    out.targets.push_back({.id = target.id,
                           .address = target.address,
                           .port = target.port,
                           .availability_zone = target.availability_zone,
                           .state = target.draining ? "draining" : "registered"});
  return out;
}

ListenerSnapshot snapshot_of(Call& call, const ListenerRecord& record, std::set<std::string>& groups) {
  const Listener& listener = record.shown;
  ListenerSnapshot out{.arn = *listener.ListenerArn,
                       .port = listener.Port.value_or(0),
                       .protocol = listener.Protocol.value_or("HTTP"),
                       .ssl_policy = listener.SslPolicy.value_or(""),
                       .attributes = record.attributes};
  for (const Certificate& one : listener.Certificates)
    out.certificates.push_back(certificate(call, one.CertificateArn.value_or(""), true));
  for (const std::string& arn : record.more_certificates)
    out.certificates.push_back(certificate(call, arn, false));
  out.default_actions = snapshots_of(listener.DefaultActions);
  for (const std::string& arn : target_groups_in(listener.DefaultActions)) groups.insert(arn);
  for (const RuleRecord& rule : rules_of(call, *listener.ListenerArn)) {
    if (rule.shown.IsDefault.value_or(false)) continue;
    RuleSnapshot rule_out{.arn = *rule.shown.RuleArn,
                          .priority = std::stoll(*rule.shown.Priority),
                          .actions = snapshots_of(rule.shown.Actions)};
    for (const RuleCondition& condition : rule.shown.Conditions)
      rule_out.conditions.push_back(snapshot_of(condition));
    for (const std::string& arn : target_groups_in(rule.shown.Actions)) groups.insert(arn);
    out.rules.push_back(std::move(rule_out));
  }
  return out;
}

}  // namespace

// https://docs.aws.amazon.com/general/latest/gr/elb.html
std::string canonical_hosted_zone(const std::string& region) {
  static const std::map<std::string, std::string> zones{
      {"us-east-1", "Z35SXDOTRQ7X7K"},      {"us-east-2", "Z3AADJGX6KTTL2"},
      {"us-west-1", "Z368ELLRRE2KJ0"},      {"us-west-2", "Z1H1FL5HABSF5"},
      {"eu-west-1", "Z32O12XQLNTSW2"},      {"eu-central-1", "Z215JYRZR1TBD5"},
      {"ap-northeast-1", "Z14GRHDCWA56QT"}, {"ap-southeast-1", "Z1LMS91P8CMLE5"},
      {"ap-southeast-2", "Z1GM3OXH4ZPM65"}};
  auto it = zones.find(region);
  return it == zones.end() ? zones.at("us-east-1") : it->second;
}

std::string new_id(Call& call) { return call.random().hex(16); }

std::string load_balancer_path(std::string_view arn) {
  const size_t at = arn.find("/app/");
  return at == std::string_view::npos ? std::string(arn) : std::string(arn.substr(at + 1));
}

LoadBalancerRecord find_load_balancer(const Call& call, std::string_view arn) {
  auto stored = call.rows(kLoadBalancers).get(arn);
  if (!stored) throw LoadBalancerNotFoundException("One or more load balancers not found");
  return *stored;
}
TargetGroupRecord find_target_group(const Call& call, std::string_view arn) {
  auto stored = call.rows(kTargetGroups).get(arn);
  if (!stored) throw TargetGroupNotFoundException("One or more target groups not found");
  return *stored;
}
ListenerRecord find_listener(const Call& call, std::string_view arn) {
  auto stored = call.rows(kListeners).get(arn);
  if (!stored) throw ListenerNotFoundException("One or more listeners not found");
  return *stored;
}
RuleRecord find_rule(const Call& call, std::string_view arn) {
  auto stored = call.rows(kRules).get(arn);
  if (!stored) throw RuleNotFoundException("One or more rules not found");
  return *stored;
}

LoadBalancer shown(const LoadBalancerRecord& record) {
  LoadBalancer balancer = record.shown;
  balancer.State = LoadBalancerState{.Code = record.active ? "active" : "provisioning"};
  for (const NodeRecord& node : record.nodes)
    balancer.AvailabilityZones.push_back({.ZoneName = node.availability_zone, .SubnetId = node.subnet_id});
  return balancer;
}

TargetGroup shown(const Call& call, const TargetGroupRecord& record) {
  TargetGroup group = record.shown;
  group.LoadBalancerArns = users_of(call, *record.shown.TargetGroupArn);
  return group;
}

std::vector<ListenerRecord> listeners_of(const Call& call, std::string_view arn) {
  std::vector<ListenerRecord> list;
  call.rows(kListeners).each([&](std::string_view, const ListenerRecord& record) {
    if (record.shown.LoadBalancerArn == arn) list.push_back(record);
  });
  return list;
}

std::vector<RuleRecord> rules_of(const Call& call, std::string_view listener_arn) {
  std::vector<RuleRecord> list;
  call.rows(kRules).each([&](std::string_view, const RuleRecord& record) {
    if (record.listener_arn == listener_arn) list.push_back(record);
  });
  const auto rank = [](const RuleRecord& rule) {
    return rule.shown.IsDefault.value_or(false) ? INT64_MAX : std::stoll(*rule.shown.Priority);
  };
  std::ranges::sort(list, {}, rank);
  return list;
}

std::vector<std::string> target_groups_in(const std::vector<Action>& actions) {
  std::vector<std::string> arns;
  for (const Action& action : actions)
    for (const auto& group : snapshot_of(action).target_groups) arns.push_back(group.target_group_arn);
  return arns;
}

std::vector<std::string> users_of(const Call& call, std::string_view target_group_arn) {
  std::set<std::string> users;
  std::map<std::string, std::string> balancer_of;
  call.rows(kListeners).each([&](std::string_view arn, const ListenerRecord& record) {
    balancer_of[std::string(arn)] = *record.shown.LoadBalancerArn;
    for (const std::string& group : target_groups_in(record.shown.DefaultActions))
      if (group == target_group_arn) users.insert(*record.shown.LoadBalancerArn);
  });
  call.rows(kRules).each([&](std::string_view, const RuleRecord& record) {
    for (const std::string& group : target_groups_in(record.shown.Actions))
      if (group == target_group_arn) users.insert(balancer_of[record.listener_arn]);
  });
  return {users.begin(), users.end()};
}

void sync_load_balancer(Call& call, const std::string& arn) {
  const auto stored = call.rows(kLoadBalancers).get(arn);
  if (!stored) return unpublish(call.txn, kLoadBalancerSnapshotKind, arn);
  const LoadBalancer& balancer = stored->shown;
  LoadBalancerSnapshot out{.arn = arn,
                           .name = *balancer.LoadBalancerName,
                           .dns_name = *balancer.DNSName,
                           .scheme = *balancer.Scheme,
                           .vpc_id = *balancer.VpcId,
                           .attributes = stored->attributes};
  for (const NodeRecord& node : stored->nodes) {
    NodeSnapshot& told = out.nodes.emplace_back();
    told.availability_zone = node.availability_zone;
    told.public_address = node.public_address;
    told.private_address = node.private_address;
    if (!node.public_address.empty()) told.admission = ec2::admission_rules(call, node.interface_id);
  }
  std::set<std::string> groups;
  for (const ListenerRecord& listener : listeners_of(call, arn))
    out.listeners.push_back(snapshot_of(call, listener, groups));
  for (const std::string& group : groups)
    if (const auto record = call.rows(kTargetGroups).get(group))
      out.target_groups.push_back(snapshot_of(*record));
  publish(call.txn, kLoadBalancerSnapshotKind, arn, out);
}

void sync_users_of(Call& call, const std::string& target_group_arn) {
  for (const std::string& arn : users_of(call, target_group_arn)) sync_load_balancer(call, arn);
}

static void check_forward(const Action& action) {
  constexpr int64_t kMostSeconds = 604'800, kMostWeight = 999;
  constexpr size_t kMostTargetGroups = 5;
  if (!action.ForwardConfig) return;
  const ForwardActionConfig& config = *action.ForwardConfig;
  if (config.TargetGroups.size() > kMostTargetGroups)
    throw TooManyTargetGroupsException("An action forwards to at most 5 target groups");
  for (const TargetGroupTuple& group : config.TargetGroups)
    if (const int64_t weight = group.Weight.value_or(1); weight < 0 || weight > kMostWeight)
      throw ServiceError("ValidationError", 400,
                         "Target group weight '" + std::to_string(weight) + "' must be between 0 and 999");
  if (const auto& sticky = config.TargetGroupStickinessConfig; sticky && sticky->Enabled.value_or(false))
    if (const int64_t seconds = sticky->DurationSeconds.value_or(0); seconds < 1 || seconds > kMostSeconds)
      throw ServiceError("ValidationError", 400,
                         "Target group stickiness duration '" + std::to_string(seconds) +
                             "' must be between 1 and 604800 seconds");
  if (action.TargetGroupArn && !config.TargetGroups.empty() &&
      (config.TargetGroups.size() > 1 || config.TargetGroups[0].TargetGroupArn != action.TargetGroupArn))
    throw InvalidLoadBalancerActionException(
        "TargetGroupArn and ForwardConfig must name the same, single target group");
}

static void check_redirect(const Action& action) {
  if (!action.RedirectConfig)
    throw ServiceError("ValidationError", 400, "A redirect action must have a RedirectConfig");
  const RedirectActionConfig& to = *action.RedirectConfig;
  const bool same = to.Protocol.value_or("#{protocol}") == "#{protocol}" &&
                    to.Host.value_or("#{host}") == "#{host}" && to.Port.value_or("#{port}") == "#{port}" &&
                    to.Path.value_or("/#{path}") == "/#{path}" && to.Query.value_or("#{query}") == "#{query}";
  if (same)
    throw InvalidLoadBalancerActionException(
        "The redirect configuration is not valid because it creates a loop.");
}

void check_actions(const Call& call, const std::vector<Action>& actions) {
  if (actions.empty()) throw ServiceError("ValidationError", 400, "You must specify at least one action");
  if (actions.size() > 1)  // authentication, which could come before the one that decides, is refused
    for (const Action& action : actions)
      if (action.Type == "forward" || action.Type == "redirect" || action.Type == "fixed-response")
        throw InvalidLoadBalancerActionException(
            "Exactly one action of the types forward, redirect and fixed-response must be specified, as the "
            "last");
  for (const Action& action : actions) {
    const std::string type = action.Type.value_or("");
    if (type != "forward" && type != "redirect" && type != "fixed-response")
      throw InvalidLoadBalancerActionException("Actions of type '" + type +
                                               "' are not supported by Landfall yet");
    if (type == "forward" && target_groups_in({action}).empty())
      throw ServiceError("ValidationError", 400, "A forward action must name a target group");
    if (type == "forward") check_forward(action);
    if (type == "redirect") check_redirect(action);
    if (type == "fixed-response" && !action.FixedResponseConfig)
      throw ServiceError("ValidationError", 400, "A fixed-response action must have a FixedResponseConfig");
  }
  for (const std::string& arn : target_groups_in(actions)) find_target_group(call, arn);
}

void check_certificates(const Call& call, const std::vector<Certificate>& certificates) {
  for (const Certificate& one : certificates) {
    const std::string arn = one.CertificateArn.value_or("");
    const auto parts = aws::split_arn(arn);
    const bool own = parts && parts->account == call.account && parts->region == call.region;
    if (!own || !acm::certificate_material(call.plane.config, call.txn, arn))
      throw CertificateNotFoundException("Certificate ARN '" + arn + "' is not found or not issued");
  }
}

NodeRecord make_node(Call& call, const LoadBalancerRecord& record, const std::string& subnet_id) {
  const auto interface = ec2::create_service_interface(
      call, {.subnet_id = subnet_id,
             .group_ids = record.shown.SecurityGroups,
             .attachment = ec2::Attachment::edge,
             .description = "ELB " + load_balancer_path(*record.shown.LoadBalancerArn),
             .requester = "amazon-elb"});
  NodeRecord node{.subnet_id = subnet_id,
                  .availability_zone = interface.availability_zone,
                  .interface_id = interface.interface_id,
                  .private_address = interface.private_ip};
  if (record.shown.Scheme == "internet-facing")
    node.public_address = ec2::allocate_public_address(call, *record.shown.LoadBalancerArn);
  return node;
}

void release_node(Call& call, const NodeRecord& node) {
  ec2::release_service_interface(call, node.interface_id);
  if (!node.public_address.empty()) ec2::release_public_address(call, node.public_address);
}

void publish_name(Call& call, const LoadBalancerRecord& record) {
  const std::string name = ascii_lower(*record.shown.DNSName);
  route53::NameSnapshot snapshot{.name = name, .vpc_id = *record.shown.VpcId};
  for (const NodeRecord& node : record.nodes) {
    if (!node.public_address.empty()) snapshot.addresses.push_back(node.public_address);
    snapshot.vpc_addresses.push_back(node.private_address);
  }
  publish(call.txn, route53::kNameSnapshotKind, name, snapshot);
}

std::vector<Action> normalized(std::vector<Action> actions) {
  for (Action& action : actions) {
    if (action.Type == "forward") {
      ForwardActionConfig config = action.ForwardConfig.value_or(ForwardActionConfig{});
      if (config.TargetGroups.empty() && action.TargetGroupArn)
        config.TargetGroups.push_back({.TargetGroupArn = action.TargetGroupArn});
      for (TargetGroupTuple& tuple : config.TargetGroups) tuple.Weight = tuple.Weight.value_or(1);
      if (!config.TargetGroupStickinessConfig)
        config.TargetGroupStickinessConfig = TargetGroupStickinessConfig{.Enabled = false};
      if (config.TargetGroups.size() == 1) action.TargetGroupArn = config.TargetGroups[0].TargetGroupArn;
      action.ForwardConfig = std::move(config);
    }
    if (auto& redirect = action.RedirectConfig) {
      redirect->Protocol = redirect->Protocol.value_or("#{protocol}");
      redirect->Host = redirect->Host.value_or("#{host}");
      redirect->Port = redirect->Port.value_or("#{port}");
      redirect->Path = redirect->Path.value_or("/#{path}");
      redirect->Query = redirect->Query.value_or("#{query}");
    }
  }
  return actions;
}

std::vector<RuleCondition> normalized(std::vector<RuleCondition> conditions) {
  for (RuleCondition& condition : conditions) {
    const auto both = [&](auto& config, const char* field) {
      if (condition.Field != field) return;
      if (config) {
        condition.Values = config->Values;
      } else {
        config.emplace().Values = condition.Values;
      }
    };
    both(condition.HostHeaderConfig, "host-header");
    both(condition.PathPatternConfig, "path-pattern");
  }
  return conditions;
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
const Attributes& default_listener_attributes(bool https) {
  static const auto make = [](bool with_tls) {
    Attributes defaults{{"routing.http.response.server.enabled", "true"}};
    for (const char* field :
         {"strict_transport_security", "access_control_allow_origin", "access_control_allow_methods",
          "access_control_allow_headers", "access_control_allow_credentials", "access_control_expose_headers",
          "access_control_max_age", "content_security_policy", "x_content_type_options", "x_frame_options"})
      defaults["routing.http.response." + std::string(field) + ".header_value"] = "";
    if (!with_tls) return defaults;
    for (const char* field : {"mtls_clientcert_serial_number", "mtls_clientcert_issuer",
                              "mtls_clientcert_subject", "mtls_clientcert_validity", "mtls_clientcert_leaf",
                              "mtls_clientcert", "tls_version", "tls_cipher_suite"})
      defaults["routing.http.request.x_amzn_" + std::string(field) + ".header_name"] = "";
    return defaults;
  };
  static const Attributes plain = make(false), secure = make(true);
  return https ? secure : plain;
}

const Attributes& default_load_balancer_attributes() {
  static const Attributes defaults{{"access_logs.s3.enabled", "false"},
                                   {"access_logs.s3.bucket", ""},
                                   {"access_logs.s3.prefix", ""},
                                   {"client_keep_alive.seconds", "3600"},
                                   {"connection_logs.s3.enabled", "false"},
                                   {"connection_logs.s3.bucket", ""},
                                   {"connection_logs.s3.prefix", ""},
                                   {"deletion_protection.enabled", "false"},
                                   {"idle_timeout.timeout_seconds", "60"},
                                   {"load_balancing.cross_zone.enabled", "true"},
                                   {"routing.http.desync_mitigation_mode", "defensive"},
                                   {"routing.http.drop_invalid_header_fields.enabled", "false"},
                                   {"routing.http.preserve_host_header.enabled", "false"},
                                   {"routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"},
                                   {"routing.http.xff_client_port.enabled", "false"},
                                   {"routing.http.xff_header_processing.mode", "append"},
                                   {"routing.http2.enabled", "true"},
                                   {"waf.fail_open.enabled", "false"},
                                   {"zonal_shift.config.enabled", "false"}};
  return defaults;
}

const Attributes& default_target_group_attributes() {
  static const Attributes defaults{
      {"deregistration_delay.timeout_seconds", "300"},
      {"load_balancing.algorithm.anomaly_mitigation", "off"},
      {"load_balancing.algorithm.type", "round_robin"},
      {"load_balancing.cross_zone.enabled", "use_load_balancer_configuration"},
      {"slow_start.duration_seconds", "0"},
      {"stickiness.app_cookie.cookie_name", ""},
      {"stickiness.app_cookie.duration_seconds", "86400"},
      {"stickiness.enabled", "false"},
      {"stickiness.lb_cookie.duration_seconds", "86400"},
      {"stickiness.type", "lb_cookie"},
      {"target_group_health.dns_failover.minimum_healthy_targets.count", "1"},
      {"target_group_health.dns_failover.minimum_healthy_targets.percentage", "off"},
      {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1"},
      {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off"}};
  return defaults;
}

std::string attribute(const Attributes& set, const Attributes& defaults, const std::string& key) {
  if (auto it = set.find(key); it != set.end()) return it->second;
  auto it = defaults.find(key);
  return it == defaults.end() ? "" : it->second;
}

Tags tag_map(const std::vector<Tag>& tags) {
  Tags map;
  for (const Tag& tag : tags)
    if (!map.emplace(tag.Key.value_or(""), tag.Value.value_or("")).second)
      throw DuplicateTagKeysException("Duplicate tag keys found: " + tag.Key.value_or(""));
  return map;
}

void change_tags(Call& call, const std::string& arn, const std::function<void(Tags&)>& change) {
  const auto apply = [&](const auto& table, auto record) {
    const Tags before = record.tags;
    change(record.tags);
    if (record.tags != before) call.rows(table).put(arn, std::move(record));
  };
  if (arn.find(":loadbalancer/") != std::string::npos)
    return apply(kLoadBalancers, find_load_balancer(call, arn));
  if (arn.find(":targetgroup/") != std::string::npos)
    return apply(kTargetGroups, find_target_group(call, arn));
  if (arn.find(":listener-rule/") != std::string::npos) return apply(kRules, find_rule(call, arn));
  return apply(kListeners, find_listener(call, arn));
}

}  // namespace landfall::elbv2
