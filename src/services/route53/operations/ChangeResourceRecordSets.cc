#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

ChangeResourceRecordSetsResponse ChangeResourceRecordSets(Call& call,
                                                          const ChangeResourceRecordSetsRequest& in) {
  const auto zone = find_zone(call, in.HostedZoneId);
  RecordSetMap sets = load_record_sets(call, zone->id);
  apply_changes({zone->id, zone->name}, in.ChangeBatch->Changes, sets);
  save_record_sets(call, zone->id, sets);
  publish_zone(call, *zone);
  return {.ChangeInfo = record_change(call, zone->id, in.ChangeBatch->Comment)};
}

}  // namespace landfall::route53
