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

void retag_balancing(Work& w, const object& before, const object& p, const std::string& arn) {
  if (!w.tags_differ(before, p)) return;
  if (const json::array gone = w.tags_gone(before, p); !gone.empty())
    w.invoke("elbv2", "RemoveTags", {{"ResourceArns", {arn}}, {"TagKeys", gone}});
  w.invoke("elbv2", "AddTags", {{"ResourceArns", {arn}}, {"Tags", w.tags(p)}});
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
      .fixed = {"Name", "Scheme", "Type"},
      .updatable = {"SecurityGroups", "Subnets", "SubnetMappings", "IpAddressType", "LoadBalancerAttributes",
                    "Tags"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            retag_balancing(w, before, p, m.physical_id);
            if (text_at(before, "IpAddressType") != text_at(p, "IpAddressType"))
              w.invoke(
                  "elbv2", "SetIpAddressType",
                  {{"LoadBalancerArn", m.physical_id},
                   {"IpAddressType", p.contains("IpAddressType") ? text_at(p, "IpAddressType") : "ipv4"}});
            if (const auto* groups = p.if_contains("SecurityGroups"))
              w.invoke("elbv2", "SetSecurityGroups",
                       {{"LoadBalancerArn", m.physical_id}, {"SecurityGroups", *groups}});
            if (const auto* subnets = p.if_contains("Subnets"))
              w.invoke("elbv2", "SetSubnets", {{"LoadBalancerArn", m.physical_id}, {"Subnets", *subnets}});
            if (const auto* mappings = p.if_contains("SubnetMappings"))
              w.invoke("elbv2", "SetSubnets",
                       {{"LoadBalancerArn", m.physical_id}, {"SubnetMappings", *mappings}});
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
      .fixed = {"Name", "Protocol", "ProtocolVersion", "Port", "VpcId", "TargetType", "IpAddressType"},
      .updatable = {"HealthCheckProtocol", "HealthCheckPort", "HealthCheckEnabled", "HealthCheckPath",
                    "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount",
                    "UnhealthyThresholdCount", "Matcher", "TargetGroupAttributes", "Targets", "Tags"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            retag_balancing(w, before, p, m.physical_id);
            object input =
                pick(p, {"HealthCheckProtocol", "HealthCheckPort", "HealthCheckEnabled", "HealthCheckPath",
                         "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount",
                         "UnhealthyThresholdCount", "Matcher"});
            input["TargetGroupArn"] = m.physical_id;
            w.invoke("elbv2", "ModifyTargetGroup", input);
            set_attributes(w, "ModifyTargetGroupAttributes", "TargetGroupArn", m.physical_id, p,
                           "TargetGroupAttributes");
            const json::array was = list_at(before, "Targets"), is = list_at(p, "Targets");
            if (const auto gone = missing_from(was, is); !gone.empty())
              w.invoke("elbv2", "DeregisterTargets", {{"TargetGroupArn", m.physical_id}, {"Targets", gone}});
            if (const auto added = missing_from(is, was); !added.empty())
              w.invoke("elbv2", "RegisterTargets", {{"TargetGroupArn", m.physical_id}, {"Targets", added}});
          },
  });
}

void add_listeners(Registry& registry) {
  registry["AWS::ElasticLoadBalancingV2::Listener"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"LoadBalancerArn", "Protocol", "Port", "SslPolicy", "Certificates",
                                    "DefaultActions", "AlpnPolicy", "MutualAuthentication"});
            const object made = w.invoke("elbv2", "CreateListener", input);
            const std::string arn = text_at_path(made, "Listeners.0.ListenerArn");
            if (const json::array attributes = list_at(p, "ListenerAttributes"); !attributes.empty())
              w.invoke("elbv2", "ModifyListenerAttributes",
                       {{"ListenerArn", arn}, {"Attributes", attributes}});
            return Model{.physical_id = arn, .attributes = {{"ListenerArn", arn}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("elbv2", "DeleteListener", {{"ListenerArn", m.physical_id}}); },
                              {"ListenerNotFound"});
          },
      .fixed = {"LoadBalancerArn"},
      .updatable = {"Protocol", "Port", "SslPolicy", "Certificates", "DefaultActions", "AlpnPolicy",
                    "MutualAuthentication", "ListenerAttributes"},
      .required = {"LoadBalancerArn", "DefaultActions"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input = pick(p, {"Protocol", "Port", "SslPolicy", "Certificates", "DefaultActions",
                                    "AlpnPolicy", "MutualAuthentication"});
            input["ListenerArn"] = m.physical_id;
            w.invoke("elbv2", "ModifyListener", input);
            if (const json::array attributes = list_at(p, "ListenerAttributes"); !attributes.empty())
              w.invoke("elbv2", "ModifyListenerAttributes",
                       {{"ListenerArn", m.physical_id}, {"Attributes", attributes}});
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
      .fixed = {"ListenerArn"},
      .updatable = {"Conditions", "Actions", "Priority"},
      .required = {"Conditions", "Actions", "Priority"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input = pick(p, {"Conditions", "Actions"});
            input["RuleArn"] = m.physical_id;
            w.invoke("elbv2", "ModifyRule", input);
            if (text_at(before, "Priority") != text_at(p, "Priority"))
              w.invoke(
                  "elbv2", "SetRulePriorities",
                  {{"RulePriorities", {object{{"RuleArn", m.physical_id}, {"Priority", p.at("Priority")}}}}});
          },
  });
  registry["AWS::ElasticLoadBalancingV2::ListenerCertificate"] = type_of({
      .create =
          [](Work& w, const object& p) {
            w.invoke("elbv2", "AddListenerCertificates", p);
            return Model{.physical_id = w.generated_name(64)};
          },
      .remove =
          [](Work& w, const object& p, const Model&) {
            return gone_after([&] { w.invoke("elbv2", "RemoveListenerCertificates", p); },
                              {"ListenerNotFound"});
          },
      .fixed = {"ListenerArn"},
      .updatable = {"Certificates"},
      .required = {"ListenerArn", "Certificates"},
      .update =
          [](Work& w, const object& before, const object& p, Model&) {
            const json::array was = list_at(before, "Certificates"), is = list_at(p, "Certificates");
            if (const auto added = missing_from(is, was); !added.empty())
              w.invoke("elbv2", "AddListenerCertificates",
                       {{"ListenerArn", text_at(p, "ListenerArn")}, {"Certificates", added}});
            if (const auto gone = missing_from(was, is); !gone.empty())
              w.invoke("elbv2", "RemoveListenerCertificates",
                       {{"ListenerArn", text_at(p, "ListenerArn")}, {"Certificates", gone}});
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
