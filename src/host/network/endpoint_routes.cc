#include "host/network/endpoint_routes.h"

#include <algorithm>

#include "host/network/security_groups.h"

namespace landfall::host {

bool reaches_internet(const Subnet& subnet, const Interface& interface) {
  if (subnet.internet == "all") return true;
  return subnet.internet == "public" && !interface.public_ip.empty();
}

bool reaches_s3(const Subnet& subnet, const Interface& interface) {
  return subnet.s3_endpoint || reaches_internet(subnet, interface);
}

void add_endpoint_routes(Ruleset& out, const VpcFirewall& firewall) {
  Ruleset::Set users{.declaration = "type ipv4_addr . ipv4_addr;"};
  bool all_reach = true;
  for (const Interface& interface : firewall.interfaces) {
    if (interface.attachment == "edge") continue;  // they ask nothing of AWS
    const auto subnet = std::ranges::find(firewall.subnets, interface.subnet_id, &Subnet::subnet_id);
    if (subnet == firewall.subnets.end()) continue;
    const bool internet = reaches_internet(*subnet, interface), s3 = reaches_s3(*subnet, interface);
    if (internet) users.elements[interface.private_ip + " . " + kAwsEndpointsAddress] = "";
    if (s3) users.elements[interface.private_ip + " . " + kS3Address] = "";
    all_reach = all_reach && internet && s3;
  }
  if (all_reach) return;
  out.sets["endpoint_users"] = std::move(users);
  out.sets["endpoints"] = {.declaration = "type ipv4_addr;",
                           .elements = {{kAwsEndpointsAddress, ""}, {kS3Address, ""}}};
  auto& input = out.chains["input"].rules;
  input.insert(input.begin(), "ip daddr @endpoints goto endpoints");
  // The source is the interface's own (the raw hook saw to it), or marked.
  out.chains["endpoints"] = {.rules = {"meta mark 0 ip saddr . ip daddr @endpoint_users accept", "drop"}};
}

}  // namespace landfall::host
