// VPC endpoints: gateway ones are routes to a prefix list, interface ones are network interfaces.
//
// Invariants: a gateway endpoint has one route, to its service's prefix list, in each of its route tables and
// in no other; an interface endpoint has one interface in each of its subnets.
#pragma once

#include <string>
#include <vector>

#include "ec2/shapes.h"
#include "services/ec2/describe.h"
#include "services/ec2/resources.h"
#include "services/ec2/snapshot.h"

namespace landfall::ec2 {

struct EndpointInterface {
  std::string subnet_id, interface_id;
  template <class V>
  void fields(V& v) {
    v("subnet_id", subnet_id);
    v("interface_id", interface_id);
  }
};

struct VpcEndpointRecord {
  std::string vpc_endpoint_id;
  std::string type = "Gateway";  // or "Interface"
  std::string vpc_id, service_name;
  std::string policy;
  std::vector<std::string> route_table_ids;   // of a gateway
  std::vector<EndpointInterface> interfaces;  // of an interface endpoint
  std::vector<std::string> group_ids;
  bool private_dns_enabled = false;
  std::string dns_record_ip_type;  // empty: its type's own
  std::string client_token;
  Timestamp created_at;
  template <class V>
  void fields(V& v) {
    v("vpc_endpoint_id", vpc_endpoint_id);
    v("type", type);
    v("vpc_id", vpc_id);
    v("service_name", service_name);
    v("policy", policy);
    v("route_table_ids", route_table_ids);
    v("interfaces", interfaces);
    v("group_ids", group_ids);
    v("private_dns_enabled", private_dns_enabled);
    v("dns_record_ip_type", dns_record_ip_type);
    v("client_token", client_token);
    v("created_at", created_at);
  }
};

inline constexpr Resource<VpcEndpointRecord> kVpcEndpoints{{"ec2.vpc_endpoint"},
                                                           "vpc-endpoint",
                                                           "vpce-",
                                                           "InvalidVpcEndpointId.NotFound",
                                                           "The Vpc Endpoint Id '{}' does not exist",
                                                           "InvalidVpcEndpointId.Malformed"};

// What endpoints can be made to in a region.
struct EndpointService {
  std::string name;                // "com.amazonaws.us-east-1.s3"
  std::vector<std::string> types;  // "Gateway", "Interface"
  std::string private_dns_name;    // "s3.us-east-1.amazonaws.com"
};
std::vector<EndpointService> endpoint_services_of(std::string_view region);

std::string default_endpoint_policy();
std::string checked_policy(const std::string& document);  // throws InvalidPolicyDocument

// "ipv4", "service-defined"; throws for those of IPv6.
std::string checked_record_type(const std::string& record_type);

// The routes of a gateway endpoint, in tables that must be its VPC's. Throws RouteAlreadyExists.
void add_endpoint_route(Call& call, const VpcEndpointRecord& endpoint, const std::string& route_table_id);
void remove_endpoint_route(Call& call, const VpcEndpointRecord& endpoint, const std::string& route_table_id);
// The interfaces of an interface endpoint.
void add_endpoint_interface(Call& call, VpcEndpointRecord& endpoint, const std::string& subnet_id,
                            const std::string& private_ip);  // empty: any that is free
// What SubnetConfigurations ask for in that subnet; empty: nothing.
std::string wanted_address(const std::vector<SubnetConfiguration>& configurations,
                           const std::string& subnet_id);
void remove_endpoint_interface(Call& call, VpcEndpointRecord& endpoint, const std::string& subnet_id);

// What edge shall know of a VPC's endpoints.
std::vector<VpcEndpointSnapshot> endpoint_snapshots(const Call& call, std::string_view vpc_id);

VpcEndpoint render(const Call& call, const VpcEndpointRecord& endpoint);
FilterFields<VpcEndpointRecord> vpc_endpoint_fields(const Call& call);

}  // namespace landfall::ec2
