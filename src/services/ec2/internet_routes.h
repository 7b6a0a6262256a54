// Where a subnet's route table leads out of its VPC, for what lies outside: AWS's endpoints. Decisions on
// records; network.h writes them into host's documents, which enforce them (host/network/endpoint_routes.h).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "services/ec2/resources.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

enum class InternetAccess {
  none,
  with_public_address,  // an internet gateway: of interfaces that have one
  for_all,              // a NAT gateway, or an instance that is one
};
std::string_view host_word(InternetAccess access);  // as host::Subnet::internet has it

// What a default route may lead to.
struct RouteExits {
  std::function<bool(const std::string& id)> internet_gateway;  // attached to this VPC
  std::function<bool(const std::string& id)> nat_gateway;       // there, and on the internet itself
  std::function<bool(const std::string& id)> nat_interface;     // of an instance that forwards, likewise
};
// By the table's route to 0.0.0.0/0. A blackhole leads nowhere.
InternetAccess internet_access(const RouteTableRecord& table, const RouteExits& exits);

// The gateway endpoint that the table leads S3's addresses to; "" without.
std::string s3_endpoint_of(const RouteTableRecord& table);

// --- from the store

std::shared_ptr<const RouteTableRecord> route_table_of(const Call& call, const SubnetRecord& subnet);
InternetAccess internet_access_of(const Call& call, const SubnetRecord& subnet);

}  // namespace landfall::ec2
