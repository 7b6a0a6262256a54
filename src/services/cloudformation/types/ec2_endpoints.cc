// AWS::EC2::VPCEndpoint
#include <boost/json.hpp>

#include "services/cloudformation/types/ec2_common.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

std::string policy_text(const json::value& policy) {
  return policy.is_string() ? std::string(policy.as_string()) : json::serialize(policy);
}

void modify_endpoint(Work& w, const object& before, const object& p, const std::string& id) {
  object input = pick(p, {"PrivateDnsEnabled", "IpAddressType", "DnsOptions"});
  input["VpcEndpointId"] = id;
  if (p.contains("PolicyDocument")) {
    input["PolicyDocument"] = policy_text(p.at("PolicyDocument"));
  } else if (before.contains("PolicyDocument")) {
    input["ResetPolicy"] = true;
  }
  for (const char* name : {"RouteTableIds", "SubnetIds", "SecurityGroupIds"}) {
    const json::array old = list_at(before, name), now = list_at(p, name);
    if (json::array added = missing_from(now, old); !added.empty()) input[std::string("Add") + name] = added;
    if (json::array gone = missing_from(old, now); !gone.empty()) input[std::string("Remove") + name] = gone;
  }
  w.invoke("ec2", "ModifyVpcEndpoint", input);
}

bool settle_endpoint(Work& w, const object&, Model& m) {
  const object found = w.invoke("ec2", "DescribeVpcEndpoints", {{"VpcEndpointIds", {m.physical_id}}});
  const object& endpoint = value_at(found, "VpcEndpoints.0")->as_object();
  m.attributes = {{"Id", m.physical_id},
                  {"CreationTimestamp", text_at(endpoint, "CreationTimestamp")},
                  {"NetworkInterfaceIds", list_at(endpoint, "NetworkInterfaceIds")}};
  json::array names;  // "Z1HUB23UULQXV:vpce-1.s3.us-east-1.vpce.amazonaws.com"
  for (const auto& entry : list_at(endpoint, "DnsEntries"))
    names.push_back(json::string(text_at(entry.as_object(), "HostedZoneId") + ":" +
                                 text_at(entry.as_object(), "DnsName")));
  m.attributes["DnsEntries"] = names;
  const std::string state = text_at(endpoint, "State");
  if (state == "failed" || state == "rejected")
    throw ServiceError("NotStabilized", 400, "VPC endpoint " + m.physical_id + " is " + state);
  return state == "available" || state == "Available";
}

}  // namespace

void add_ec2_endpoints(Registry& registry) {
  registry["AWS::EC2::VPCEndpoint"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = tagged(w, p, "vpc-endpoint",
                                  {"VpcEndpointType", "VpcId", "ServiceName", "RouteTableIds", "SubnetIds",
                                   "SecurityGroupIds", "PrivateDnsEnabled", "IpAddressType", "DnsOptions"});
            if (p.contains("PolicyDocument")) input["PolicyDocument"] = policy_text(p.at("PolicyDocument"));
            const object made = w.invoke("ec2", "CreateVpcEndpoint", input);
            return Model{.physical_id = text_at_path(made, "VpcEndpoint.VpcEndpointId")};
          },
      .settled = settle_endpoint,
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("ec2", "DeleteVpcEndpoints", {{"VpcEndpointIds", {m.physical_id}}}); });
          },
      .fixed = {"VpcEndpointType", "VpcId", "ServiceName"},
      .updatable = {"PolicyDocument", "RouteTableIds", "SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled",
                    "IpAddressType", "DnsOptions", "Tags"},
      .required = {"VpcId"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            modify_endpoint(w, before, p, m.physical_id);
            retag(w, before, p, m.physical_id);
          },
  });
}

}  // namespace landfall::cloudformation
