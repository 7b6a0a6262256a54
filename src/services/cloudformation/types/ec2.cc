// AWS::EC2::*: networks, security groups, launch templates, instances.
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

json::array tag_specifications(const Work& work, const object& properties, const char* resource_type) {
  return {object{{"ResourceType", resource_type}, {"Tags", work.tags(properties)}}};
}

object tagged(Work& work, const object& properties, const char* resource_type,
              std::initializer_list<std::string_view> names) {
  object input = pick(properties, names);
  input["TagSpecifications"] = tag_specifications(work, properties, resource_type);
  return input;
}

// An ingress or egress rule as AuthorizeSecurityGroup* wants it.
object permission_of(const object& rule) {
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

json::array permissions_of(const object& properties, const char* name) {
  json::array list;
  if (const auto* rules = properties.if_contains(name); rules != nullptr && rules->is_array())
    for (const auto& rule : rules->as_array()) list.push_back(permission_of(rule.as_object()));
  return list;
}

void add_networks(Registry& registry) {
  registry["AWS::EC2::VPC"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made =
                w.invoke("ec2", "CreateVpc", tagged(w, p, "vpc", {"CidrBlock", "InstanceTenancy"}));
            Model model{.physical_id = text_at_path(made, "Vpc.VpcId")};
            for (const char* name : {"EnableDnsHostnames", "EnableDnsSupport"})
              if (p.contains(name))
                w.invoke("ec2", "ModifyVpcAttribute",
                         {{"VpcId", model.physical_id}, {name, object{{"Value", truth_at(p, name, true)}}}});
            return model;
          },
      .settled =
          [](Work& w, const object& p, Model& m) {
            const object vpc = w.invoke("ec2", "DescribeVpcs", {{"VpcIds", {m.physical_id}}});
            if (text_at_path(vpc, "Vpcs.0.State") != "available") return false;
            m.attributes = {{"VpcId", m.physical_id}, {"CidrBlock", text_at(p, "CidrBlock")}};
            const json::array by_vpc{object{{"Name", "vpc-id"}, {"Values", {m.physical_id}}}};
            const object groups =
                w.invoke("ec2", "DescribeSecurityGroups",
                         {{"Filters", {by_vpc[0], object{{"Name", "group-name"}, {"Values", {"default"}}}}}});
            m.attributes["DefaultSecurityGroup"] = text_at_path(groups, "SecurityGroups.0.GroupId");
            return true;
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("ec2", "DeleteVpc", {{"VpcId", m.physical_id}}); });
          },
      .updatable = {"EnableDnsHostnames", "EnableDnsSupport", "Tags"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            for (const char* name : {"EnableDnsHostnames", "EnableDnsSupport"})
              if (p.contains(name))
                w.invoke("ec2", "ModifyVpcAttribute",
                         {{"VpcId", m.physical_id}, {name, object{{"Value", truth_at(p, name, true)}}}});
            w.invoke("ec2", "CreateTags", {{"Resources", {m.physical_id}}, {"Tags", w.tags(p)}});
          },
  });
  registry["AWS::EC2::Subnet"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("ec2", "CreateSubnet",
                                         tagged(w, p, "subnet", {"VpcId", "CidrBlock", "AvailabilityZone"}));
            Model model{.physical_id = text_at_path(made, "Subnet.SubnetId")};
            if (p.contains("MapPublicIpOnLaunch"))
              w.invoke(
                  "ec2", "ModifySubnetAttribute",
                  {{"SubnetId", model.physical_id},
                   {"MapPublicIpOnLaunch", object{{"Value", truth_at(p, "MapPublicIpOnLaunch", false)}}}});
            model.attributes = {{"SubnetId", model.physical_id},
                                {"VpcId", text_at(p, "VpcId")},
                                {"CidrBlock", text_at(p, "CidrBlock")},
                                {"AvailabilityZone", text_at_path(made, "Subnet.AvailabilityZone")}};
            return model;
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("ec2", "DeleteSubnet", {{"SubnetId", m.physical_id}}); });
          },
      .updatable = {"MapPublicIpOnLaunch", "Tags"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("ec2", "ModifySubnetAttribute",
                     {{"SubnetId", m.physical_id},
                      {"MapPublicIpOnLaunch", object{{"Value", truth_at(p, "MapPublicIpOnLaunch", false)}}}});
            w.invoke("ec2", "CreateTags", {{"Resources", {m.physical_id}}, {"Tags", w.tags(p)}});
          },
  });
  registry["AWS::EC2::InternetGateway"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made =
                w.invoke("ec2", "CreateInternetGateway", tagged(w, p, "internet-gateway", {}));
            const std::string id = text_at_path(made, "InternetGateway.InternetGatewayId");
            return Model{.physical_id = id, .attributes = {{"InternetGatewayId", id}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("ec2", "DeleteInternetGateway", {{"InternetGatewayId", m.physical_id}}); });
          },
      .updatable = {"Tags"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("ec2", "CreateTags", {{"Resources", {m.physical_id}}, {"Tags", w.tags(p)}});
          },
  });
  registry["AWS::EC2::VPCGatewayAttachment"] = type_of({
      .create =
          [](Work& w, const object& p) {
            w.invoke("ec2", "AttachInternetGateway", pick(p, {"VpcId", "InternetGatewayId"}));
            return Model{.physical_id = "IGW|" + text_at(p, "VpcId")};
          },
      .remove =
          [](Work& w, const object& p, const Model&) {
            return gone_after(
                [&] { w.invoke("ec2", "DetachInternetGateway", pick(p, {"VpcId", "InternetGatewayId"})); },
                {"Gateway.NotAttached"});
          },
  });
}

void add_routes(Registry& registry) {
  registry["AWS::EC2::RouteTable"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("ec2", "CreateRouteTable", tagged(w, p, "route-table", {"VpcId"}));
            const std::string id = text_at_path(made, "RouteTable.RouteTableId");
            return Model{.physical_id = id, .attributes = {{"RouteTableId", id}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("ec2", "DeleteRouteTable", {{"RouteTableId", m.physical_id}}); });
          },
      .updatable = {"Tags"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("ec2", "CreateTags", {{"Resources", {m.physical_id}}, {"Tags", w.tags(p)}});
          },
  });
  registry["AWS::EC2::Route"] = type_of({
      .create =
          [](Work& w, const object& p) {
            w.invoke("ec2", "CreateRoute",
                     pick(p, {"RouteTableId", "DestinationCidrBlock", "GatewayId", "NatGatewayId",
                              "InstanceId", "NetworkInterfaceId", "VpcPeeringConnectionId"}));
            return Model{.physical_id =
                             text_at(p, "RouteTableId") + "|" + text_at(p, "DestinationCidrBlock")};
          },
      .remove =
          [](Work& w, const object& p, const Model&) {
            return gone_after(
                [&] { w.invoke("ec2", "DeleteRoute", pick(p, {"RouteTableId", "DestinationCidrBlock"})); });
          },
      .updatable = {"GatewayId", "NatGatewayId", "InstanceId", "NetworkInterfaceId"},
      .update =
          [](Work& w, const object&, const object& p, Model&) {
            w.invoke("ec2", "ReplaceRoute",
                     pick(p, {"RouteTableId", "DestinationCidrBlock", "GatewayId", "NatGatewayId",
                              "InstanceId", "NetworkInterfaceId"}));
          },
  });
  registry["AWS::EC2::SubnetRouteTableAssociation"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("ec2", "AssociateRouteTable", pick(p, {"SubnetId", "RouteTableId"}));
            const std::string id = text_at(made, "AssociationId");
            return Model{.physical_id = id, .attributes = {{"Id", id}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("ec2", "DisassociateRouteTable", {{"AssociationId", m.physical_id}}); });
          },
  });
}

void add_security_groups(Registry& registry) {
  registry["AWS::EC2::SecurityGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = tagged(w, p, "security-group", {"VpcId", "GroupName"});
            input["Description"] = text_at(p, "GroupDescription");
            if (!p.contains("GroupName")) input["GroupName"] = w.generated_name(255);
            const object made = w.invoke("ec2", "CreateSecurityGroup", input);
            const std::string id = text_at(made, "GroupId");
            if (json::array rules = permissions_of(p, "SecurityGroupIngress"); !rules.empty())
              w.invoke("ec2", "AuthorizeSecurityGroupIngress", {{"GroupId", id}, {"IpPermissions", rules}});
            if (json::array rules = permissions_of(p, "SecurityGroupEgress"); !rules.empty()) {
              // Rules of one's own replace the allow-all that a new group has.
              w.invoke("ec2", "RevokeSecurityGroupEgress",
                       {{"GroupId", id},
                        {"IpPermissions",
                         {object{{"IpProtocol", "-1"}, {"IpRanges", {object{{"CidrIp", "0.0.0.0/0"}}}}}}}});
              w.invoke("ec2", "AuthorizeSecurityGroupEgress", {{"GroupId", id}, {"IpPermissions", rules}});
            }
            return Model{.physical_id = id,
                         .attributes = {{"GroupId", id}, {"Id", id}, {"VpcId", text_at(p, "VpcId")}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("ec2", "DeleteSecurityGroup", {{"GroupId", m.physical_id}}); });
          },
      .updatable = {"SecurityGroupIngress", "SecurityGroupEgress", "Tags"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            for (const char* way : {"Ingress", "Egress"}) {
              const std::string name = std::string("SecurityGroup") + way;
              const json::array old = permissions_of(before, name.c_str()),
                                now = permissions_of(p, name.c_str());
              const auto missing = [](const json::array& from, const json::array& in) {
                json::array list;
                for (const auto& rule : from)
                  if (std::find(in.begin(), in.end(), rule) == in.end()) list.push_back(rule);
                return list;
              };
              if (const auto gone = missing(old, now); !gone.empty())
                w.invoke("ec2", std::string("RevokeSecurityGroup") + way,
                         {{"GroupId", m.physical_id}, {"IpPermissions", gone}});
              if (const auto added = missing(now, old); !added.empty())
                w.invoke("ec2", std::string("AuthorizeSecurityGroup") + way,
                         {{"GroupId", m.physical_id}, {"IpPermissions", added}});
            }
            w.invoke("ec2", "CreateTags", {{"Resources", {m.physical_id}}, {"Tags", w.tags(p)}});
          },
  });
  for (const std::string way : {"Ingress", "Egress"})
    registry["AWS::EC2::SecurityGroup" + way] = type_of({
        .create =
            [way](Work& w, const object& p) {
              const object made =
                  w.invoke("ec2", "AuthorizeSecurityGroup" + way,
                           {{"GroupId", text_at(p, "GroupId")}, {"IpPermissions", {permission_of(p)}}});
              const std::string id = text_at_path(made, "SecurityGroupRules.0.SecurityGroupRuleId");
              return Model{.physical_id = id, .attributes = {{"Id", id}}};
            },
        .remove =
            [way](Work& w, const object& p, const Model&) {
              return gone_after([&] {
                w.invoke("ec2", "RevokeSecurityGroup" + way,
                         {{"GroupId", text_at(p, "GroupId")}, {"IpPermissions", {permission_of(p)}}});
              });
            },
    });
}

void add_instances(Registry& registry) {
  registry["AWS::EC2::LaunchTemplate"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"LaunchTemplateName", "LaunchTemplateData", "VersionDescription"});
            if (!p.contains("LaunchTemplateName")) input["LaunchTemplateName"] = w.generated_name(125);
            input["TagSpecifications"] = tag_specifications(w, p, "launch-template");
            const object made = w.invoke("ec2", "CreateLaunchTemplate", input);
            const std::string id = text_at_path(made, "LaunchTemplate.LaunchTemplateId");
            return Model{
                .physical_id = id,
                .attributes = {
                    {"LaunchTemplateId", id}, {"LatestVersionNumber", "1"}, {"DefaultVersionNumber", "1"}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("ec2", "DeleteLaunchTemplate", {{"LaunchTemplateId", m.physical_id}}); },
                {"InvalidLaunchTemplateId.NotFound"});
          },
      .updatable = {"LaunchTemplateData"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input = pick(p, {"LaunchTemplateData", "VersionDescription"});
            input["LaunchTemplateId"] = m.physical_id;
            const object made = w.invoke("ec2", "CreateLaunchTemplateVersion", input);
            m.attributes["LatestVersionNumber"] = text_at_path(made, "LaunchTemplateVersion.VersionNumber");
          },
  });
  registry["AWS::EC2::Instance"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"ImageId", "InstanceType", "KeyName", "SecurityGroupIds", "SubnetId",
                                    "UserData", "PrivateIpAddress", "LaunchTemplate", "BlockDeviceMappings",
                                    "NetworkInterfaces", "MetadataOptions", "EbsOptimized"});
            input["MinCount"] = input["MaxCount"] = 1;
            if (const auto profile = text_at(p, "IamInstanceProfile"); !profile.empty())
              input["IamInstanceProfile"] = object{{"Name", profile}};
            if (const auto zone = text_at(p, "AvailabilityZone"); !zone.empty())
              input["Placement"] = object{{"AvailabilityZone", zone}};
            input["TagSpecifications"] = tag_specifications(w, p, "instance");
            const object made = w.invoke("ec2", "RunInstances", input);
            return Model{.physical_id = text_at_path(made, "Instances.0.InstanceId")};
          },
      .settled =
          [](Work& w, const object&, Model& m) {
            const object found = w.invoke("ec2", "DescribeInstances", {{"InstanceIds", {m.physical_id}}});
            const object& instance = value_at(found, "Reservations.0.Instances.0")->as_object();
            const std::string state = text_at_path(instance, "State.Name");
            if (state == "terminated" || state == "shutting-down" || state == "stopped")
              throw ServiceError("NotStabilized", 400,
                                 "Instance " + m.physical_id + " did not stabilize: it is " + state + " " +
                                     text_at_path(instance, "StateReason.Message"));
            m.attributes = {{"InstanceId", m.physical_id},
                            {"AvailabilityZone", text_at_path(instance, "Placement.AvailabilityZone")},
                            {"PrivateIp", text_at(instance, "PrivateIpAddress")},
                            {"PrivateDnsName", text_at(instance, "PrivateDnsName")},
                            {"VpcId", text_at(instance, "VpcId")}};
            return state == "running";
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            bool terminated = false;
            return gone_after([&] {
                     w.invoke("ec2", "TerminateInstances", {{"InstanceIds", {m.physical_id}}});
                     const object found =
                         w.invoke("ec2", "DescribeInstances", {{"InstanceIds", {m.physical_id}}});
                     terminated =
                         text_at_path(found, "Reservations.0.Instances.0.State.Name") == "terminated";
                     if (!terminated) return;
                   }) &&
                   terminated;
          },
  });
}

}  // namespace

void add_ec2_types(Registry& registry) {
  add_networks(registry);
  add_routes(registry);
  add_security_groups(registry);
  add_instances(registry);
}

}  // namespace landfall::cloudformation
