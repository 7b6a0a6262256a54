// Resource record sets as values: their order, and the rules of a change batch, without a store.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "route53/shapes.h"
#include "services/route53/snapshot.h"

namespace landfall::route53 {

// By record_set_key(): all of one zone.
using RecordSetMap = std::map<std::string, ResourceRecordSet>;

// "www.example.com." -> "com.example.www." (AWS: ListResourceRecordSets sorts by reversed labels)
std::string reversed_labels(std::string_view name);
// Sorts as ListResourceRecordSets does: reversed name, type, set identifier.
std::string record_set_key(std::string_view name, std::string_view type, std::string_view set_identifier);
std::string record_set_key(const ResourceRecordSet& set);

// "WWW.Example.com" -> "www.example.com.", "*" as "\052". Throws InvalidDomainName.
std::string normal_name(std::string_view name);

struct ZoneIdentity {
  std::string_view id;
  std::string_view name;  // normal
};

// Applies a change batch to `sets`, or throws InvalidInput or InvalidChangeBatch (every problem of the batch
// in its message); `sets` is then of no use. Names in `sets` are normal afterwards.
void apply_changes(const ZoneIdentity& zone, const std::vector<Change>& changes, RecordSetMap& sets);

RecordSetSnapshot to_snapshot(const ZoneIdentity& zone, const ResourceRecordSet& set);

}  // namespace landfall::route53
