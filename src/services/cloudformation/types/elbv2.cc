// AWS::ElasticLoadBalancingV2::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

void set_attributes(Work& w, const char* operation, const char* arn_key, const std::string& arn,
                    const object& p, const char* property) {
  if (const auto* attributes = p.if_contains(property);
      attributes != nullptr && attributes->is_array() && !attributes->as_array().empty())
    w.invoke("elbv2", operation, {{arn_key, arn}, {"Attributes", *attributes}});
}

// "arn:...:loadbalancer/app/name/id" -> "app/name/id", the FullName attribute.
std::string full_name(const std::string& arn, const char* after) {
  const size_t at = arn.find(after);
  return at == std::string::npos ? arn : arn.substr(at + std::string_view(after).size());
}

void add_load_balancer(Registry& registry) {
  registry["AWS::ElasticLoadBalancingV2::LoadBalancer"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"Name", "Subnets", "SubnetMappings", "SecurityGroups", "Scheme", "Type",
                                    "IpAddressType"});
            if (!p.contains("Name")) input["Name"] = w.generated_name(32);
            input["Tags"] = w.tags(p);
            const object made = w.invoke("elbv2", "CreateLoadBalancer", input);
            const std::string arn = text_at_path(made, "LoadBalancers.0.LoadBalancerArn");
            set_attributes(w, "ModifyLoadBalancerAttributes", "LoadBalancerArn", arn, p,
                           "LoadBalancerAttributes");
            return Model{.physical_id = arn};
          },
      .settled =
          [](Work& w, const object&, Model& m) {
            const object found =
                w.invoke("elbv2", "DescribeLoadBalancers", {{"LoadBalancerArns", {m.physical_id}}});
            const std::string balancer = "LoadBalancers.0.";
            m.attributes = {
                {"LoadBalancerArn", m.physical_id},
                {"DNSName", text_at_path(found, balancer + "DNSName")},
                {"CanonicalHostedZoneID", text_at_path(found, balancer + "CanonicalHostedZoneId")},
                {"LoadBalancerName", text_at_path(found, balancer + "LoadBalancerName")},
                {"LoadBalancerFullName", full_name(m.physical_id, ":loadbalancer/")}};
            if (const auto* groups = value_at(found, balancer + "SecurityGroups"))
              m.attributes["SecurityGroups"] = *groups;
            const std::string state = text_at_path(found, balancer + "State.Code");
            if (state == "failed")
              throw ServiceError("NotStabilized", 400,
                                 "Load balancer " + m.physical_id +
                                     " failed: " + text_at_path(found, balancer + "State.Reason"));
            return state == "active";
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("elbv2", "DeleteLoadBalancer", {{"LoadBalancerArn", m.physical_id}}); },
                {"LoadBalancerNotFound"});
          },
      .updatable = {"SecurityGroups", "Subnets", "LoadBalancerAttributes", "Tags"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            if (const auto* groups = p.if_contains("SecurityGroups"))
              w.invoke("elbv2", "SetSecurityGroups",
                       {{"LoadBalancerArn", m.physical_id}, {"SecurityGroups", *groups}});
            if (const auto* subnets = p.if_contains("Subnets"))
              w.invoke("elbv2", "SetSubnets", {{"LoadBalancerArn", m.physical_id}, {"Subnets", *subnets}});
            set_attributes(w, "ModifyLoadBalancerAttributes", "LoadBalancerArn", m.physical_id, p,
                           "LoadBalancerAttributes");
          },
  });
}

void add_target_group(Registry& registry) {
  registry["AWS::ElasticLoadBalancingV2::TargetGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input =
                pick(p, {"Name", "Protocol", "ProtocolVersion", "Port", "VpcId", "HealthCheckProtocol",
                         "HealthCheckPort", "HealthCheckEnabled", "HealthCheckPath",
                         "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount",
                         "UnhealthyThresholdCount", "Matcher", "TargetType", "IpAddressType"});
            if (!p.contains("Name")) input["Name"] = w.generated_name(32);
            input["Tags"] = w.tags(p);
            const object made = w.invoke("elbv2", "CreateTargetGroup", input);
            const std::string arn = text_at_path(made, "TargetGroups.0.TargetGroupArn");
            set_attributes(w, "ModifyTargetGroupAttributes", "TargetGroupArn", arn, p,
                           "TargetGroupAttributes");
            if (const auto* targets = p.if_contains("Targets");
                targets != nullptr && targets->is_array() && !targets->as_array().empty())
              w.invoke("elbv2", "RegisterTargets", {{"TargetGroupArn", arn}, {"Targets", *targets}});
            return Model{
                .physical_id = arn,
                .attributes = {
                    {"TargetGroupArn", arn},
                    {"TargetGroupName", text_at_path(made, "TargetGroups.0.TargetGroupName")},
                    {"TargetGroupFullName", full_name(arn, arn.substr(0, arn.rfind(":") + 1).c_str())}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("elbv2", "DeleteTargetGroup", {{"TargetGroupArn", m.physical_id}}); },
                {"TargetGroupNotFound"});
          },
      .updatable = {"HealthCheckPath", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds",
                    "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher", "TargetGroupAttributes",
                    "Targets", "Tags"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input =
                pick(p, {"HealthCheckPath", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds",
                         "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher"});
            input["TargetGroupArn"] = m.physical_id;
            w.invoke("elbv2", "ModifyTargetGroup", input);
            set_attributes(w, "ModifyTargetGroupAttributes", "TargetGroupArn", m.physical_id, p,
                           "TargetGroupAttributes");
            const auto targets = [](const object& of) {
              return of.contains("Targets") ? of.at("Targets").as_array() : json::array();
            };
            if (targets(before) == targets(p)) return;
            if (!targets(before).empty())
              w.invoke("elbv2", "DeregisterTargets",
                       {{"TargetGroupArn", m.physical_id}, {"Targets", targets(before)}});
            if (!targets(p).empty())
              w.invoke("elbv2", "RegisterTargets",
                       {{"TargetGroupArn", m.physical_id}, {"Targets", targets(p)}});
          },
  });
}

void add_listeners(Registry& registry) {
  registry["AWS::ElasticLoadBalancingV2::Listener"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("elbv2", "CreateListener",
                                         pick(p, {"LoadBalancerArn", "Protocol", "Port", "SslPolicy",
                                                  "Certificates", "DefaultActions"}));
            const std::string arn = text_at_path(made, "Listeners.0.ListenerArn");
            return Model{.physical_id = arn, .attributes = {{"ListenerArn", arn}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("elbv2", "DeleteListener", {{"ListenerArn", m.physical_id}}); },
                              {"ListenerNotFound"});
          },
      .updatable = {"Protocol", "Port", "SslPolicy", "Certificates", "DefaultActions"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input = pick(p, {"Protocol", "Port", "SslPolicy", "Certificates", "DefaultActions"});
            input["ListenerArn"] = m.physical_id;
            w.invoke("elbv2", "ModifyListener", input);
          },
  });
  registry["AWS::ElasticLoadBalancingV2::ListenerRule"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("elbv2", "CreateRule",
                                         pick(p, {"ListenerArn", "Conditions", "Priority", "Actions"}));
            const std::string arn = text_at_path(made, "Rules.0.RuleArn");
            return Model{.physical_id = arn, .attributes = {{"RuleArn", arn}, {"IsDefault", false}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("elbv2", "DeleteRule", {{"RuleArn", m.physical_id}}); },
                              {"RuleNotFound"});
          },
      .updatable = {"Conditions", "Actions"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input = pick(p, {"Conditions", "Actions"});
            input["RuleArn"] = m.physical_id;
            w.invoke("elbv2", "ModifyRule", input);
          },
  });
}

}  // namespace

void add_elbv2_types(Registry& registry) {
  add_load_balancer(registry);
  add_target_group(registry);
  add_listeners(registry);
}

}  // namespace landfall::cloudformation
