// NAT gateways.
//
// Invariant: a NAT gateway has one interface in its subnet, from its creation to its deletion; a public one's
// Elastic IP is associated with that interface.
#pragma once

#include <string>

#include "ec2/shapes.h"
#include "services/ec2/describe.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

struct NatGatewayRecord {
  std::string nat_gateway_id;
  std::string vpc_id, subnet_id;
  std::string connectivity = "public";  // or "private"
  std::string interface_id, private_ip;
  std::string allocation_id, association_id, public_ip;  // of a public one
  std::string client_token;
  Timestamp created_at;
  template <class V>
  void fields(V& v) {
    v("nat_gateway_id", nat_gateway_id);
    v("vpc_id", vpc_id);
    v("subnet_id", subnet_id);
    v("connectivity", connectivity);
    v("interface_id", interface_id);
    v("private_ip", private_ip);
    v("allocation_id", allocation_id);
    v("association_id", association_id);
    v("public_ip", public_ip);
    v("client_token", client_token);
    v("created_at", created_at);
  }
};

inline constexpr Resource<NatGatewayRecord> kNatGateways{
    {"ec2.nat_gateway"},  "natgateway", "nat-", "NatGatewayNotFound", "The Nat Gateway {} was not found",
    "NatGatewayMalformed"};

NatGateway render(const Call& call, const NatGatewayRecord& gateway);
FilterFields<NatGatewayRecord> nat_gateway_fields();

}  // namespace landfall::ec2
