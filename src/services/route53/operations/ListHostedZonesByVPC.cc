#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

// NextToken is the id of the first zone of the page.
ListHostedZonesByVPCResponse ListHostedZonesByVPC(Call& call, const ListHostedZonesByVPCRequest& in) {
  const size_t limit = max_items(in.MaxItems, 100);
  ListHostedZonesByVPCResponse out{.MaxItems = std::to_string(limit)};
  call.global_rows(kZones).each([&](std::string_view id, const HostedZoneRecord& zone) {
    if (out.NextToken || id < in.NextToken.value_or("")) return;
    for (const ZoneVpc& vpc : zone.vpcs) {
      if (vpc.id != in.VPCId) continue;
      if (out.HostedZoneSummaries.size() == limit) {
        out.NextToken = std::string(id);
        return;
      }
      out.HostedZoneSummaries.push_back({.HostedZoneId = zone.id,
                                         .Name = zone.name,
                                         .Owner = HostedZoneOwner{.OwningAccount = call.account}});
    }
  });
  return out;
}

}  // namespace landfall::route53
