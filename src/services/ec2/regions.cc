#include "services/ec2/regions.h"

#include <algorithm>

namespace landfall::ec2 {

// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
static constexpr RegionFacts kRegions[] = {
    {"ap-northeast-1", "apne1", "acd"}, {"ap-northeast-2", "apne2", "abcd"},
    {"ap-northeast-3", "apne3", "abc"}, {"ap-south-1", "aps1", "abc"},
    {"ap-southeast-1", "apse1", "abc"}, {"ap-southeast-2", "apse2", "abc"},
    {"ca-central-1", "cac1", "abd"},    {"eu-central-1", "euc1", "abc"},
    {"eu-north-1", "eun1", "abc"},      {"eu-west-1", "euw1", "abc"},
    {"eu-west-2", "euw2", "abc"},       {"eu-west-3", "euw3", "abc"},
    {"sa-east-1", "sae1", "abc"},       {"us-east-1", "use1", "abcdef"},
    {"us-east-2", "use2", "abc"},       {"us-west-1", "usw1", "ac"},
    {"us-west-2", "usw2", "abcd"},
};

std::span<const RegionFacts> all_regions() { return kRegions; }

const RegionFacts& region_facts(std::string_view name) {
  static constexpr RegionFacts kUnknown{"", "xxx1", "abc"};
  const auto found = std::ranges::find(kRegions, name, &RegionFacts::name);
  return found == std::end(kRegions) ? kUnknown : *found;
}

std::vector<Zone> zones_of(std::string_view region) {
  const RegionFacts& facts = region_facts(region);
  std::vector<Zone> zones;
  for (size_t i = 0; i < facts.zones.size(); ++i)
    zones.push_back(
        {std::string(region) + facts.zones[i], std::string(facts.zone_id) + "-az" + std::to_string(i + 1)});
  return zones;
}

std::optional<Zone> find_zone(std::string_view region, std::string_view name_or_id) {
  for (Zone& zone : zones_of(region))
    if (zone.name == name_or_id || zone.id == name_or_id) return std::move(zone);
  return std::nullopt;
}

std::string zone_id_of(std::string_view region, std::string_view zone_name) {
  const auto zone = find_zone(region, zone_name);
  return zone ? zone->id : "";
}

std::string private_dns_name(std::string_view region, std::string_view private_ip) {
  std::string name = "ip-" + std::string(private_ip);
  std::ranges::replace(name, '.', '-');
  return name + (region == "us-east-1" ? ".ec2.internal" : "." + std::string(region) + ".compute.internal");
}

}  // namespace landfall::ec2
