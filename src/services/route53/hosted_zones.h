// What Route 53's operations share: finding a zone, writing its records, publishing it, reporting a change.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call.h"
#include "route53/shapes.h"
#include "services/route53/record_sets.h"
#include "services/route53/store.h"

namespace landfall::route53 {

// "/hostedzone/Z1" or "Z1" -> "Z1"; the same for changes.
std::string bare_id(const std::optional<std::string>& id);

// Throws NoSuchHostedZone.
std::shared_ptr<const HostedZoneRecord> find_zone(Call& call, const std::optional<std::string>& id);

RecordSetMap load_record_sets(Call& call, std::string_view zone_id);
// Writes what differs from what the store has.
void save_record_sets(Call& call, std::string_view zone_id, const RecordSetMap& sets);
size_t count_record_sets(Call& call, std::string_view zone_id);

// The VPC that a request names. Throws InvalidVPCId if EC2 does not have it.
ZoneVpc existing_vpc(Call& call, const VPC& vpc);

// Tells edge the zone as the transaction has it.
void publish_zone(Call& call, const HostedZoneRecord& zone);

// Writes a ChangeRecord; its ChangeInfo is PENDING.
ChangeInfo record_change(Call& call, std::string_view zone_id, const std::optional<std::string>& comment);

HostedZone to_shape(Call& call, const HostedZoneRecord& zone);
DelegationSet delegation_set(const HostedZoneRecord& zone);

// Route 53's MaxItems is a string. Throws InvalidInput if it is no number; at most `limit`.
size_t max_items(const std::optional<std::string>& text, size_t limit);

}  // namespace landfall::route53
