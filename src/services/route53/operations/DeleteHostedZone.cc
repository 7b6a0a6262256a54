#include <algorithm>

#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"
#include "services/route53/route53.h"

namespace landfall::route53 {
namespace {

// Sets of name servers are chosen at random: two zones may share one.
bool is_name_server(Call& call, const std::string& server) {
  bool found = false;
  call.global_rows(kZones).each([&](std::string_view, const HostedZoneRecord& zone) {
    found = found ||
            (!zone.is_private && std::ranges::find(zone.name_servers, server) != zone.name_servers.end());
  });
  return found;
}

}  // namespace

DeleteHostedZoneResponse DeleteHostedZone(Call& call, const DeleteHostedZoneRequest& in) {
  const auto zone = find_zone(call, in.Id);
  if (count_record_sets(call, zone->id) > 2) {  // its own NS and SOA
    throw HostedZoneNotEmpty(
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.");
  }
  save_record_sets(call, zone->id, {});
  call.global_rows(kZones).erase(zone->id);
  call.global_rows(kZoneReferences).erase(zone->caller_reference);
  unpublish(call.txn, kZoneSnapshotKind, zone->id);
  if (!zone->is_private) {
    for (const std::string& server : zone->name_servers)
      if (!is_name_server(call, server)) unpublish(call.txn, kNameSnapshotKind, server);
  }
  return {.ChangeInfo = record_change(call, zone->id, std::nullopt)};
}

}  // namespace landfall::route53
