// AWS::EC2::*: networks and routes.
#include <boost/json.hpp>

#include "services/cloudformation/types/ec2_common.h"

namespace landfall::cloudformation {

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

void retag(Work& work, const object& before, const object& now, const std::string& resource_id) {
  if (!work.tags_differ(before, now)) return;
  json::array gone;
  for (const auto& key : work.tags_gone(before, now)) gone.push_back(object{{"Key", key}});
  if (!gone.empty()) work.invoke("ec2", "DeleteTags", {{"Resources", {resource_id}}, {"Tags", gone}});
  work.invoke("ec2", "CreateTags", {{"Resources", {resource_id}}, {"Tags", work.tags(now)}});
}

std::string acl_association_of(Work& work, const std::string& subnet_id) {
  const object found =
      work.invoke("ec2", "DescribeNetworkAcls",
                  {{"Filters", {object{{"Name", "association.subnet-id"}, {"Values", {subnet_id}}}}}});
  if (const auto* acl = value_at(found, "NetworkAcls.0"))
    for (const auto& association : list_at(acl->as_object(), "Associations"))
      if (text_at(association.as_object(), "SubnetId") == subnet_id)
        return text_at(association.as_object(), "NetworkAclAssociationId");
  throw ServiceError("InvalidSubnetID.NotFound", 400, "The subnet ID '" + subnet_id + "' does not exist");
}

namespace {

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
            const object acls =
                w.invoke("ec2", "DescribeNetworkAcls",
                         {{"Filters", {by_vpc[0], object{{"Name", "default"}, {"Values", {"true"}}}}}});
            m.attributes["DefaultNetworkAcl"] = text_at_path(acls, "NetworkAcls.0.NetworkAclId");
            json::array blocks;
            if (const auto* vpcs = value_at(vpc, "Vpcs.0"))
              for (const auto& block : list_at(vpcs->as_object(), "CidrBlockAssociationSet"))
                blocks.push_back(block.as_object().at("AssociationId"));
            m.attributes["CidrBlockAssociations"] = blocks;
            return true;
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("ec2", "DeleteVpc", {{"VpcId", m.physical_id}}); });
          },
      .fixed = {"CidrBlock", "InstanceTenancy"},
      .updatable = {"EnableDnsHostnames", "EnableDnsSupport", "Tags"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            for (const char* name : {"EnableDnsHostnames", "EnableDnsSupport"})
              if (p.contains(name))
                w.invoke("ec2", "ModifyVpcAttribute",
                         {{"VpcId", m.physical_id}, {name, object{{"Value", truth_at(p, name, true)}}}});
            retag(w, before, p, m.physical_id);
          },
  });
  registry["AWS::EC2::Subnet"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke(
                "ec2", "CreateSubnet",
                tagged(w, p, "subnet", {"VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId"}));
            Model model{.physical_id = text_at_path(made, "Subnet.SubnetId")};
            if (p.contains("MapPublicIpOnLaunch"))
              w.invoke(
                  "ec2", "ModifySubnetAttribute",
                  {{"SubnetId", model.physical_id},
                   {"MapPublicIpOnLaunch", object{{"Value", truth_at(p, "MapPublicIpOnLaunch", false)}}}});
            model.attributes = {{"SubnetId", model.physical_id},
                                {"VpcId", text_at(p, "VpcId")},
                                {"CidrBlock", text_at(p, "CidrBlock")},
                                {"AvailabilityZone", text_at_path(made, "Subnet.AvailabilityZone")},
                                {"AvailabilityZoneId", text_at_path(made, "Subnet.AvailabilityZoneId")},
                                {"NetworkAclAssociationId", acl_association_of(w, model.physical_id)}};
            return model;
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] { w.invoke("ec2", "DeleteSubnet", {{"SubnetId", m.physical_id}}); });
          },
      .fixed = {"VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId"},
      .updatable = {"MapPublicIpOnLaunch", "Tags"},
      .required = {"VpcId"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            w.invoke("ec2", "ModifySubnetAttribute",
                     {{"SubnetId", m.physical_id},
                      {"MapPublicIpOnLaunch", object{{"Value", truth_at(p, "MapPublicIpOnLaunch", false)}}}});
            retag(w, before, p, m.physical_id);
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
      .update = [](Work& w, const object& before, const object& p,
                   Model& m) { retag(w, before, p, m.physical_id); },
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
      .fixed = {"VpcId"},
      .updatable = {"InternetGatewayId"},
      .required = {"VpcId", "InternetGatewayId"},
      .update =
          [](Work& w, const object& before, const object& p, Model&) {
            w.invoke("ec2", "DetachInternetGateway", pick(before, {"VpcId", "InternetGatewayId"}));
            w.invoke("ec2", "AttachInternetGateway", pick(p, {"VpcId", "InternetGatewayId"}));
          },
  });
}

std::string destination_of(const object& route) {
  for (const char* name : {"DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"})
    if (route.contains(name)) return text_at(route, name);
  return "";
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
      .fixed = {"VpcId"},
      .updatable = {"Tags"},
      .required = {"VpcId"},
      .update = [](Work& w, const object& before, const object& p,
                   Model& m) { retag(w, before, p, m.physical_id); },
  });
  registry["AWS::EC2::Route"] = type_of({
      .create =
          [](Work& w, const object& p) {
            w.invoke("ec2", "CreateRoute", p);
            return Model{.physical_id = text_at(p, "RouteTableId") + "|" + destination_of(p),
                         .attributes = {{"CidrBlock", destination_of(p)}}};
          },
      .remove =
          [](Work& w, const object& p, const Model&) {
            return gone_after([&] {
              w.invoke("ec2", "DeleteRoute",
                       pick(p, {"RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock",
                                "DestinationPrefixListId"}));
            });
          },
      .fixed = {"RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock",
                "DestinationPrefixListId"},
      .updatable = {"GatewayId", "NatGatewayId", "InstanceId", "NetworkInterfaceId", "VpcPeeringConnectionId",
                    "EgressOnlyInternetGatewayId", "TransitGatewayId", "VpcEndpointId", "LocalGatewayId",
                    "CarrierGatewayId"},
      .required = {"RouteTableId"},
      .update = [](Work& w, const object&, const object& p,
                   Model&) { w.invoke("ec2", "ReplaceRoute", p); },  // which refuses targets it cannot have
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
      .fixed = {"SubnetId"},
      .updatable = {"RouteTableId"},
      .required = {"SubnetId", "RouteTableId"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            const object made =
                w.invoke("ec2", "ReplaceRouteTableAssociation",
                         {{"AssociationId", m.physical_id}, {"RouteTableId", text_at(p, "RouteTableId")}});
            m.physical_id = text_at(made, "NewAssociationId");
            m.attributes = {{"Id", m.physical_id}};
          },
  });
}

}  // namespace

void add_ec2_types(Registry& registry) {
  add_networks(registry);
  add_routes(registry);
  add_ec2_addresses(registry);
  add_ec2_endpoints(registry);
  add_ec2_instances(registry);
  add_ec2_network_acls(registry);
  add_ec2_security_groups(registry);
}

}  // namespace landfall::cloudformation
