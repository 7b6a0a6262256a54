// AWS::EC2::*: security groups and their rules.
#include <boost/json.hpp>

#include "services/cloudformation/types/ec2_common.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

// An ingress or egress rule as AuthorizeSecurityGroup* wants it.
object permission_of(const object& rule) {
  static const std::set<std::string_view> kMembers{"IpProtocol",
                                                   "FromPort",
                                                   "ToPort",
                                                   "Description",
                                                   "CidrIp",
                                                   "CidrIpv6",
                                                   "SourceSecurityGroupId",
                                                   "DestinationSecurityGroupId",
                                                   "SourcePrefixListId",
                                                   "DestinationPrefixListId",
                                                   "SourceSecurityGroupOwnerId",
                                                   "GroupId"};
  for (const auto& member : rule)
    if (!kMembers.contains(std::string_view(member.key().data(), member.key().size())))
      throw ServiceError("ValidationError", 400,
                         "Properties validation failed with message:\n#: extraneous key [" +
                             std::string(member.key()) + "] is not permitted");
  object permission = pick(rule, {"IpProtocol", "FromPort", "ToPort"});
  const std::string description = text_at(rule, "Description");
  const auto described = [&](object peer) {
    if (!description.empty()) peer["Description"] = description;
    return json::array{peer};
  };
  if (const auto cidr = text_at(rule, "CidrIp"); !cidr.empty())
    permission["IpRanges"] = described({{"CidrIp", cidr}});
  if (const auto cidr = text_at(rule, "CidrIpv6"); !cidr.empty())
    permission["Ipv6Ranges"] = described({{"CidrIpv6", cidr}});
  for (const char* name : {"SourceSecurityGroupId", "DestinationSecurityGroupId"})
    if (const auto group = text_at(rule, name); !group.empty())
      permission["UserIdGroupPairs"] = described({{"GroupId", group}});
  for (const char* name : {"SourcePrefixListId", "DestinationPrefixListId"})
    if (const auto list = text_at(rule, name); !list.empty())
      permission["PrefixListIds"] = described({{"PrefixListId", list}});
  return permission;
}

json::array permissions_of(const object& properties, const std::string& name) {
  json::array list;
  for (const auto& rule : list_at(properties, name)) list.push_back(permission_of(rule.as_object()));
  return list;
}

// What a group has when the template says nothing of its egress.
json::array egress_of(const object& properties) {
  json::array list = permissions_of(properties, "SecurityGroupEgress");
  if (list.empty())
    list.push_back(object{{"IpProtocol", "-1"}, {"IpRanges", {object{{"CidrIp", "0.0.0.0/0"}}}}});
  return list;
}

void change_rules(Work& w, const std::string& way, const std::string& group, const json::array& before,
                  const json::array& now) {
  if (const json::array gone = missing_from(before, now); !gone.empty())
    w.invoke("ec2", "RevokeSecurityGroup" + way, {{"GroupId", group}, {"IpPermissions", gone}});
  if (const json::array added = missing_from(now, before); !added.empty())
    w.invoke("ec2", "AuthorizeSecurityGroup" + way, {{"GroupId", group}, {"IpPermissions", added}});
}

void add_security_group(Registry& registry) {
  registry["AWS::EC2::SecurityGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = tagged(w, p, "security-group", {"VpcId", "GroupName"});
            input["Description"] = text_at(p, "GroupDescription");
            if (!p.contains("GroupName")) input["GroupName"] = w.generated_name(255);
            const std::string id = text_at(w.invoke("ec2", "CreateSecurityGroup", input), "GroupId");
            change_rules(w, "Ingress", id, {}, permissions_of(p, "SecurityGroupIngress"));
            change_rules(w, "Egress", id, egress_of({}), egress_of(p));
            return Model{.physical_id = id,
                         .attributes = {{"GroupId", id}, {"Id", id}, {"VpcId", text_at(p, "VpcId")}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("ec2", "DeleteSecurityGroup", {{"GroupId", m.physical_id}}); });
          },
      .fixed = {"GroupDescription", "GroupName", "VpcId"},
      .updatable = {"SecurityGroupIngress", "SecurityGroupEgress", "Tags"},
      .required = {"GroupDescription"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            change_rules(w, "Ingress", m.physical_id, permissions_of(before, "SecurityGroupIngress"),
                         permissions_of(p, "SecurityGroupIngress"));
            change_rules(w, "Egress", m.physical_id, egress_of(before), egress_of(p));
            retag(w, before, p, m.physical_id);
          },
  });
}

void add_rule(Registry& registry, const std::string& way, const std::string& peer) {
  registry["AWS::EC2::SecurityGroup" + way] = type_of({
      .create =
          [way](Work& w, const object& p) {
            object rule = p;
            rule.erase("GroupId");
            const object made =
                w.invoke("ec2", "AuthorizeSecurityGroup" + way,
                         {{"GroupId", text_at(p, "GroupId")}, {"IpPermissions", {permission_of(rule)}}});
            const std::string id = text_at_path(made, "SecurityGroupRules.0.SecurityGroupRuleId");
            return Model{.physical_id = id, .attributes = {{"Id", id}}};
          },
      .remove =
          [way](Work& w, const object& p, const Model& m) {
            return gone_after([&] {
              w.invoke("ec2", "RevokeSecurityGroup" + way,
                       {{"GroupId", text_at(p, "GroupId")}, {"SecurityGroupRuleIds", {m.physical_id}}});
            });
          },
      .fixed = {"GroupId", "IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6", peer + "SecurityGroupId",
                peer + "PrefixListId", "SourceSecurityGroupOwnerId"},
      .updatable = {"Description"},
      .required = {"GroupId", "IpProtocol"},
      .update =
          [way](Work& w, const object&, const object& p, Model& m) {
            w.invoke("ec2", "UpdateSecurityGroupRuleDescriptions" + way,
                     {{"GroupId", text_at(p, "GroupId")},
                      {"SecurityGroupRuleDescriptions",
                       {object{{"SecurityGroupRuleId", m.physical_id},
                               {"Description", text_at(p, "Description")}}}}});
          },
  });
}

}  // namespace

void add_ec2_security_groups(Registry& registry) {
  add_security_group(registry);
  add_rule(registry, "Ingress", "Source");
  add_rule(registry, "Egress", "Destination");
}

}  // namespace landfall::cloudformation
