#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/regions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeAvailabilityZonesResult DescribeAvailabilityZones(Call& call,
                                                          const DescribeAvailabilityZonesRequest& in) {
  const FilterFields<Zone> fields{
      {"group-name", [&call](const Zone&, Values& out) { out.push_back(call.region); }},
      {"message", [](const Zone&, Values&) {}},
      {"opt-in-status", [](const Zone&, Values& out) { out.push_back("opt-in-not-required"); }},
      {"parent-zone-id", [](const Zone&, Values&) {}},
      {"parent-zone-name", [](const Zone&, Values&) {}},
      {"region-name", [&call](const Zone&, Values& out) { out.push_back(call.region); }},
      {"state", [](const Zone&, Values& out) { out.push_back("available"); }},
      {"zone-id", [](const Zone& z, Values& out) { out.push_back(z.id); }},
      {"zone-name", [](const Zone& z, Values& out) { out.push_back(z.name); }},
      {"zone-type", [](const Zone&, Values& out) { out.push_back("availability-zone"); }},
  };
  for (const auto* wanted : {&in.ZoneNames, &in.ZoneIds})
    for (const std::string& zone : *wanted)
      if (!find_zone(call.region, zone)) throw_invalid(fmt::format("Invalid availability zone: [{}]", zone));
  const auto listed = [](const std::vector<std::string>& list, const std::string& value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
  };
  DescribeAvailabilityZonesResult out;
  for (const Zone& zone : zones_of(call.region)) {
    if (!listed(in.ZoneNames, zone.name) || !listed(in.ZoneIds, zone.id)) continue;
    if (!matches_filters(in.Filters, fields, zone, [] { return TagMap{}; })) continue;
    AvailabilityZone& shown = out.AvailabilityZones.emplace_back();
    shown.OptInStatus = "opt-in-not-required";
    shown.RegionName = call.region;
    shown.ZoneName = zone.name;
    shown.ZoneId = zone.id;
    shown.GroupName = call.region + "-zg-1";
    shown.NetworkBorderGroup = call.region;
    shown.ZoneType = "availability-zone";
    shown.State = "available";
  }
  return out;
}

}  // namespace landfall::ec2
