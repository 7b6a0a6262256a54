#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

// Marker is the id of the first zone of the page.
ListHostedZonesResponse ListHostedZones(Call& call, const ListHostedZonesRequest& in) {
  const size_t limit = max_items(in.MaxItems, 100);
  const std::string start = bare_id(in.Marker);
  ListHostedZonesResponse out{.Marker = in.Marker, .IsTruncated = false, .MaxItems = std::to_string(limit)};
  call.global_rows(kZones).each([&](std::string_view id, const HostedZoneRecord& zone) {
    if (id < start || *out.IsTruncated) return;
    if (in.HostedZoneType == "PrivateHostedZone" && !zone.is_private) return;
    if (out.HostedZones.size() == limit) {
      out.IsTruncated = true;
      out.NextMarker = std::string(id);
    } else {
      out.HostedZones.push_back(to_shape(call, zone));
    }
  });
  return out;
}

}  // namespace landfall::route53
