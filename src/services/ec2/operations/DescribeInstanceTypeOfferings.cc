#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/regions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// Every type in every zone.
DescribeInstanceTypeOfferingsResult DescribeInstanceTypeOfferings(
    Call& call, const DescribeInstanceTypeOfferingsRequest& in) {
  const std::string location_type = in.LocationType.value_or("region");
  std::vector<std::string> locations;
  if (location_type == "region") {
    locations.push_back(call.region);
  } else {
    for (const Zone& zone : zones_of(call.region))
      locations.push_back(location_type == "availability-zone-id" ? zone.id : zone.name);
  }
  const FilterFields<InstanceTypeOffering> fields{
      {"instance-type", [](const InstanceTypeOffering& o, Values& out) { out.push_back(*o.InstanceType); }},
      {"location", [](const InstanceTypeOffering& o, Values& out) { out.push_back(*o.Location); }},
  };
  std::vector<std::pair<std::string, InstanceTypeOffering>> chosen;
  for (const InstanceTypeFacts& facts : all_instance_types()) {
    for (const std::string& location : locations) {
      InstanceTypeOffering offering{
          .InstanceType = std::string(facts.name), .LocationType = location_type, .Location = location};
      if (matches_filters(in.Filters, fields, offering, [] { return TagMap{}; }))
        chosen.emplace_back(std::string(facts.name) + "/" + location, std::move(offering));
    }
  }
  DescribeInstanceTypeOfferingsResult out;
  out.NextToken = take_page(chosen, {in.MaxResults, in.NextToken});
  for (auto& [key, offering] : chosen) out.InstanceTypeOfferings.push_back(std::move(offering));
  return out;
}

}  // namespace landfall::ec2
