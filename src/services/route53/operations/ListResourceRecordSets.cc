#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

ListResourceRecordSetsResponse ListResourceRecordSets(Call& call, const ListResourceRecordSetsRequest& in) {
  const auto zone = find_zone(call, in.HostedZoneId);
  if (in.StartRecordType && !in.StartRecordName) {
    throw InvalidInput("A StartRecordName must be given where a StartRecordType is.");
  }
  if (in.StartRecordIdentifier && !in.StartRecordType) {
    throw InvalidInput("A StartRecordType must be given where a StartRecordIdentifier is.");
  }
  const size_t limit = max_items(in.MaxItems, 300);
  ListResourceRecordSetsResponse out{.IsTruncated = false, .MaxItems = std::to_string(limit)};
  const RecordSetMap sets = load_record_sets(call, zone->id);
  auto it = sets.begin();
  if (in.StartRecordName) {
    it = sets.lower_bound(record_set_key(normal_name(*in.StartRecordName), in.StartRecordType.value_or(""),
                                         in.StartRecordIdentifier.value_or("")));
  }
  for (; it != sets.end(); ++it) {
    if (out.ResourceRecordSets.size() == limit) {
      out.IsTruncated = true;
      out.NextRecordName = it->second.Name;
      out.NextRecordType = it->second.Type;
      out.NextRecordIdentifier = it->second.SetIdentifier;
      break;
    }
    out.ResourceRecordSets.push_back(it->second);
  }
  return out;
}

}  // namespace landfall::route53
