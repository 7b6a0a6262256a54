// The regions and Availability Zones that EC2 tells of. Facts, no state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::ec2 {

struct RegionFacts {
  std::string_view name;     // "us-east-1"
  std::string_view zone_id;  // "use1": zone ids are use1-az1, ...
  std::string_view zones;    // "abcdef"
};

std::span<const RegionFacts> all_regions();
const RegionFacts& region_facts(std::string_view name);  // an unknown region has zones a, b, c

struct Zone {
  std::string name;  // "us-east-1a"
  std::string id;    // "use1-az1"
};
std::vector<Zone> zones_of(std::string_view region);
std::optional<Zone> find_zone(std::string_view region, std::string_view name_or_id);
std::string zone_id_of(std::string_view region, std::string_view zone_name);  // empty if there is none

// "ip-10-0-1-5.ec2.internal", or of another region than us-east-1 "ip-10-0-1-5.eu-west-1.compute.internal"
std::string private_dns_name(std::string_view region, std::string_view private_ip);

}  // namespace landfall::ec2
