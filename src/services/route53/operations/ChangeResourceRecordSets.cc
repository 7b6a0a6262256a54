#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

ChangeResourceRecordSetsResponse ChangeResourceRecordSets(Call& call,
                                                          const ChangeResourceRecordSetsRequest& in) {
  const auto zone = find_zone(call, in.HostedZoneId);
  for (const Change& change : in.ChangeBatch->Changes)
    if (const auto& set = change.ResourceRecordSet; set && set->HealthCheckId && change.Action != "DELETE")
      find_health_check(call, set->HealthCheckId);
  RecordSetMap sets = load_record_sets(call, zone->id);
  apply_changes({zone->id, zone->name}, in.ChangeBatch->Changes, sets);
  save_record_sets(call, zone->id, sets);
  publish_zone(call, *zone);
  return {.ChangeInfo = record_change(call, zone->id, in.ChangeBatch->Comment)};
}

}  // namespace landfall::route53
