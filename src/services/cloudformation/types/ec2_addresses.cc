// AWS::EC2::*: Elastic IP addresses, NAT gateways, key pairs.
#include <boost/json.hpp>

#include "base/encoding.h"
#include "services/cloudformation/types/ec2_common.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

void associate(Work& w, const std::string& allocation, const std::string& instance) {
  w.invoke("ec2", "AssociateAddress", {{"AllocationId", allocation}, {"InstanceId", instance}});
}

void disassociate(Work& w, const std::string& allocation) {
  const object found = w.invoke("ec2", "DescribeAddresses", {{"AllocationIds", {allocation}}});
  if (const std::string id = text_at_path(found, "Addresses.0.AssociationId"); !id.empty())
    w.invoke("ec2", "DisassociateAddress", {{"AssociationId", id}});
}

void add_address(Registry& registry) {
  registry["AWS::EC2::EIP"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = tagged(w, p, "elastic-ip", {"Domain", "PublicIpv4Pool", "NetworkBorderGroup"});
            const object made = w.invoke("ec2", "AllocateAddress", input);
            const std::string allocation = text_at(made, "AllocationId");
            if (const auto instance = text_at(p, "InstanceId"); !instance.empty())
              associate(w, allocation, instance);
            return Model{
                .physical_id = text_at(made, "PublicIp"),
                .attributes = {{"AllocationId", allocation}, {"PublicIp", text_at(made, "PublicIp")}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            const std::string allocation = text_at(m.attributes, "AllocationId");
            return gone_after([&] {
              disassociate(w, allocation);
              w.invoke("ec2", "ReleaseAddress", {{"AllocationId", allocation}});
            });
          },
      .fixed = {"Domain", "NetworkBorderGroup"},
      .updatable = {"InstanceId", "PublicIpv4Pool", "Tags"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            const std::string allocation = text_at(m.attributes, "AllocationId");
            if (text_at(before, "PublicIpv4Pool") != text_at(p, "PublicIpv4Pool"))
              throw ServiceError("InvalidRequest", 400, "Addresses come from Landfall's public range only");
            if (const auto instance = text_at(p, "InstanceId"); instance != text_at(before, "InstanceId")) {
              disassociate(w, allocation);
              if (!instance.empty()) associate(w, allocation, instance);
            }
            retag(w, before, p, allocation);
          },
  });
  registry["AWS::EC2::EIPAssociation"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"AllocationId", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress"});
            if (const auto address = text_at(p, "EIP"); !address.empty()) input["PublicIp"] = address;
            const std::string id = text_at(w.invoke("ec2", "AssociateAddress", input), "AssociationId");
            return Model{.physical_id = id, .attributes = {{"Id", id}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("ec2", "DisassociateAddress", {{"AssociationId", m.physical_id}}); });
          },
      .fixed = {"AllocationId", "EIP", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress"},
  });
}

void add_nat_gateway(Registry& registry) {
  registry["AWS::EC2::NatGateway"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made =
                w.invoke("ec2", "CreateNatGateway",
                         tagged(w, p, "natgateway",
                                {"AllocationId", "SubnetId", "ConnectivityType", "PrivateIpAddress"}));
            const std::string id = text_at_path(made, "NatGateway.NatGatewayId");
            return Model{.physical_id = id, .attributes = {{"NatGatewayId", id}}};
          },
      .settled =
          [](Work& w, const object&, Model& m) {
            const object found = w.invoke("ec2", "DescribeNatGateways", {{"NatGatewayIds", {m.physical_id}}});
            const std::string state = text_at_path(found, "NatGateways.0.State");
            if (state != "pending" && state != "available")
              throw ServiceError("NotStabilized", 400,
                                 "NatGateway " + m.physical_id + " is in state " + state +
                                     " and hence failed to stabilize. Detailed failure message: " +
                                     text_at_path(found, "NatGateways.0.FailureMessage"));
            return state == "available";
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            try {
              const object found =
                  w.invoke("ec2", "DescribeNatGateways", {{"NatGatewayIds", {m.physical_id}}});
              const std::string state = text_at_path(found, "NatGateways.0.State");
              if (state == "pending" || state == "available" || state == "failed")
                w.invoke("ec2", "DeleteNatGateway", {{"NatGatewayId", m.physical_id}});
              return state == "deleted";
            } catch (const ServiceError& error) {
              if (error.code() != "NatGatewayNotFound") throw;
              return true;
            }
          },
      .fixed = {"AllocationId", "SubnetId", "ConnectivityType", "PrivateIpAddress"},
      .updatable = {"Tags"},
      .required = {"SubnetId"},
      .update = [](Work& w, const object& before, const object& p,
                   Model& m) { retag(w, before, p, m.physical_id); },
  });
}

// Where AWS keeps the private key of a pair that CloudFormation had made.
std::string key_parameter(const std::string& key_pair_id) { return "/ec2/keypair/" + key_pair_id; }

void add_key_pair(Registry& registry) {
  registry["AWS::EC2::KeyPair"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = tagged(w, p, "key-pair", {"KeyName"});
            object made;
            if (const auto material = text_at(p, "PublicKeyMaterial"); !material.empty()) {
              input["PublicKeyMaterial"] = to_base64(material);
              made = w.invoke("ec2", "ImportKeyPair", input);
            } else {
              for (const char* name : {"KeyType", "KeyFormat"})
                if (p.contains(name)) input[name] = p.at(name);
              made = w.invoke("ec2", "CreateKeyPair", input);
              w.invoke("ssm", "PutParameter",
                       {{"Name", key_parameter(text_at(made, "KeyPairId"))},
                        {"Type", "SecureString"},
                        {"Value", text_at(made, "KeyMaterial")}});
            }
            return Model{.physical_id = text_at(p, "KeyName"),
                         .attributes = {{"KeyPairId", text_at(made, "KeyPairId")},
                                        {"KeyFingerprint", text_at(made, "KeyFingerprint")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            if (text_at(p, "PublicKeyMaterial").empty())
              gone_after(
                  [&] {
                    w.invoke("ssm", "DeleteParameter",
                             {{"Name", key_parameter(text_at(m.attributes, "KeyPairId"))}});
                  },
                  {"ParameterNotFound"});
            return gone_after([&] { w.invoke("ec2", "DeleteKeyPair", {{"KeyName", m.physical_id}}); });
          },
      .fixed = {"KeyName", "KeyType", "KeyFormat", "PublicKeyMaterial", "Tags"},
      .required = {"KeyName"},
  });
}

}  // namespace

void add_ec2_addresses(Registry& registry) {
  add_address(registry);
  add_nat_gateway(registry);
  add_key_pair(registry);
}

}  // namespace landfall::cloudformation
