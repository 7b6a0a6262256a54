#include <algorithm>

#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

ListHostedZonesByNameResponse ListHostedZonesByName(Call& call, const ListHostedZonesByNameRequest& in) {
  using Place = std::pair<std::string, std::string>;  // reversed name, id: the order of the list
  const size_t limit = max_items(in.MaxItems, 100);
  const std::string name =
      in.DNSName && !in.DNSName->empty() ? reversed_labels(normal_name(*in.DNSName)) : "";
  const Place start{name, bare_id(in.HostedZoneId)};

  std::vector<std::pair<Place, std::shared_ptr<const HostedZoneRecord>>> zones;
  for (auto& [id, zone] : call.global_rows(kZones).all()) {
    zones.emplace_back(Place{reversed_labels(zone->name), id}, std::move(zone));
  }
  std::sort(zones.begin(), zones.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

  ListHostedZonesByNameResponse out{.DNSName = in.DNSName,
                                    .HostedZoneId = in.HostedZoneId,
                                    .IsTruncated = false,
                                    .MaxItems = std::to_string(limit)};
  for (const auto& [place, zone] : zones) {
    if (place < start) continue;
    if (out.HostedZones.size() == limit) {
      out.IsTruncated = true;
      out.NextDNSName = zone->name;
      out.NextHostedZoneId = zone->id;
      break;
    }
    out.HostedZones.push_back(to_shape(call, *zone));
  }
  return out;
}

}  // namespace landfall::route53
