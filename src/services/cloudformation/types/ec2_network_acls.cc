// AWS::EC2::*: network ACLs, their entries, and which subnets they are of.
#include <boost/json.hpp>

#include "services/cloudformation/types/ec2_common.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

object entry_of(const object& p) {
  object entry = pick(
      p, {"NetworkAclId", "RuleNumber", "Protocol", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange"});
  entry["Egress"] = truth_at(p, "Egress", false);
  if (const auto* icmp = p.if_contains("Icmp")) entry["IcmpTypeCode"] = *icmp;
  return entry;
}

}  // namespace

void add_ec2_network_acls(Registry& registry) {
  registry["AWS::EC2::NetworkAcl"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("ec2", "CreateNetworkAcl", tagged(w, p, "network-acl", {"VpcId"}));
            const std::string id = text_at_path(made, "NetworkAcl.NetworkAclId");
            return Model{.physical_id = id, .attributes = {{"Id", id}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("ec2", "DeleteNetworkAcl", {{"NetworkAclId", m.physical_id}}); });
          },
      .fixed = {"VpcId"},
      .updatable = {"Tags"},
      .required = {"VpcId"},
      .update = [](Work& w, const object& before, const object& p,
                   Model& m) { retag(w, before, p, m.physical_id); },
  });
  registry["AWS::EC2::NetworkAclEntry"] = type_of({
      .create =
          [](Work& w, const object& p) {
            w.invoke("ec2", "CreateNetworkAclEntry", entry_of(p));
            return Model{.physical_id = w.generated_name(64)};  // AWS too answers a name of its own making
          },
      .remove =
          [](Work& w, const object& p, const Model&) {
            return gone_after([&] {
              object which = pick(p, {"NetworkAclId", "RuleNumber"});
              which["Egress"] = truth_at(p, "Egress", false);
              w.invoke("ec2", "DeleteNetworkAclEntry", which);
            });
          },
      .fixed = {"NetworkAclId", "RuleNumber", "Egress"},
      .updatable = {"Protocol", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange", "Icmp"},
      .required = {"NetworkAclId", "RuleNumber", "Protocol", "RuleAction"},
      .update = [](Work& w, const object&, const object& p,
                   Model&) { w.invoke("ec2", "ReplaceNetworkAclEntry", entry_of(p)); },
  });
  registry["AWS::EC2::SubnetNetworkAclAssociation"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("ec2", "ReplaceNetworkAclAssociation",
                                         {{"AssociationId", acl_association_of(w, text_at(p, "SubnetId"))},
                                          {"NetworkAclId", text_at(p, "NetworkAclId")}});
            const std::string id = text_at(made, "NewAssociationId");
            return Model{.physical_id = id, .attributes = {{"AssociationId", id}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            // A subnet always has an ACL: without this one it is back at its VPC's default.
            return gone_after([&] {
              const std::string subnet = text_at(p, "SubnetId");
              if (acl_association_of(w, subnet) != m.physical_id) return;  // replaced by another since
              const object found = w.invoke("ec2", "DescribeSubnets", {{"SubnetIds", {subnet}}});
              const object defaults = w.invoke(
                  "ec2", "DescribeNetworkAcls",
                  {{"Filters",
                    {object{{"Name", "vpc-id"}, {"Values", {text_at_path(found, "Subnets.0.VpcId")}}},
                     object{{"Name", "default"}, {"Values", {"true"}}}}}});
              w.invoke("ec2", "ReplaceNetworkAclAssociation",
                       {{"AssociationId", m.physical_id},
                        {"NetworkAclId", text_at_path(defaults, "NetworkAcls.0.NetworkAclId")}});
            });
          },
      .fixed = {"SubnetId", "NetworkAclId"},
      .required = {"SubnetId", "NetworkAclId"},
  });
}

}  // namespace landfall::cloudformation
