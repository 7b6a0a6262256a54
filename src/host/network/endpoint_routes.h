// Who reaches AWS's endpoints, added to a VPC's Ruleset: what its route tables say, as control has read them
// (host::Subnet, host::Interface). Pure.
//
// An endpoint is outside the VPC. The packet of an interface that has no way there is dropped in the input
// hook, before connections are looked at: attempts time out, and what is open stands still, as on AWS.
// Where every interface has a way there are no such rules.
#pragma once

#include "host/network/ruleset.h"

namespace landfall::host {

struct Interface;
struct Subnet;
struct VpcFirewall;

inline constexpr char kS3Address[] = "169.254.169.251";
inline constexpr char kAwsEndpointsAddress[] = "169.254.169.252";

bool reaches_internet(const Subnet& subnet, const Interface& interface);
bool reaches_s3(const Subnet& subnet, const Interface& interface);

void add_endpoint_routes(Ruleset& out, const VpcFirewall& firewall);

}  // namespace landfall::host
