#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/regions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeRegionsResult DescribeRegions(Call&, const DescribeRegionsRequest& in) {
  const auto endpoint = [](const RegionFacts& r) { return fmt::format("ec2.{}.amazonaws.com", r.name); };
  const FilterFields<RegionFacts> fields{
      {"endpoint", [&](const RegionFacts& r, Values& out) { out.push_back(endpoint(r)); }},
      {"opt-in-status", [](const RegionFacts&, Values& out) { out.push_back("opt-in-not-required"); }},
      {"region-name", [](const RegionFacts& r, Values& out) { out.emplace_back(r.name); }},
  };
  for (const std::string& name : in.RegionNames) {
    if (std::ranges::find(all_regions(), name, &RegionFacts::name) == all_regions().end())
      throw_invalid(fmt::format("Invalid region names: [{}]", name));
  }
  DescribeRegionsResult out;
  for (const RegionFacts& region : all_regions()) {
    if (!in.RegionNames.empty() && std::ranges::find(in.RegionNames, region.name) == in.RegionNames.end())
      continue;
    if (!matches_filters(in.Filters, fields, region, [] { return TagMap{}; })) continue;
    Region& shown = out.Regions.emplace_back();
    shown.OptInStatus = "opt-in-not-required";
    shown.RegionName = region.name;
    shown.Endpoint = endpoint(region);
  }
  return out;
}

}  // namespace landfall::ec2
