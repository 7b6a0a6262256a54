#include "services/route53/hosted_zones.h"

#include <charconv>

#include "gateway/control_plane.h"
#include "route53/errors.h"
#include "services/route53/route53.h"
#include "services/route53/snapshot.h"

namespace landfall::route53 {
namespace {

constexpr char kIdAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr size_t kIdCharacters = 20;

std::string record_sets_scope(std::string_view zone_id) { return std::string(zone_id) + "/"; }

}  // namespace

std::string bare_id(const std::optional<std::string>& id) {
  const std::string text = id.value_or("");
  const size_t slash = text.rfind('/');
  return slash == std::string::npos ? text : text.substr(slash + 1);
}

std::shared_ptr<const HostedZoneRecord> find_zone(Call& call, const std::optional<std::string>& id) {
  const std::string bare = bare_id(id);
  auto zone = bare.empty() ? nullptr : call.global_rows(kZones).get(bare);
  if (!zone) throw NoSuchHostedZone("No hosted zone found with ID: " + bare);
  return zone;
}

RecordSetMap load_record_sets(Call& call, std::string_view zone_id) {
  RecordSetMap out;
  const std::string scope = call.account + "/" + record_sets_scope(zone_id);
  call.txn.each<ResourceRecordSet>(
      kRecordSets, scope,
      [&](std::string_view id, const ResourceRecordSet& set) { out.emplace(id.substr(scope.size()), set); });
  return out;
}

void save_record_sets(Call& call, std::string_view zone_id, const RecordSetMap& sets) {
  auto rows = call.global_rows(kRecordSets);
  const std::string scope = record_sets_scope(zone_id);
  const RecordSetMap before = load_record_sets(call, zone_id);
  for (const auto& [key, set] : before) {
    if (!sets.contains(key)) rows.erase(scope + key);
  }
  for (const auto& [key, set] : sets) {
    const auto old = before.find(key);
    if (old == before.end() || to_json(old->second) != to_json(set)) rows.put(scope + key, set);
  }
}

size_t count_record_sets(Call& call, std::string_view zone_id) {
  size_t count = 0;
  call.txn.each<ResourceRecordSet>(kRecordSets, call.account + "/" + record_sets_scope(zone_id),
                                   [&](std::string_view, const ResourceRecordSet&) { ++count; });
  return count;
}

ZoneVpc existing_vpc(Call& call, const VPC& vpc) {
  const ZoneVpc out{vpc.VPCId.value_or(""), vpc.VPCRegion.value_or(call.region)};
  // EC2's table (services/ec2/store.h), by name: whether the row is there is all that matters, and EC2 uses
  // Route 53.
  constexpr char kVpcTable[] = "ec2.vpc";
  const std::string id = call.account + "/" + out.region + "/" + out.id;
  if (out.id.empty() || call.txn.find(store::Txn::key_of(kVpcTable, id)) == nullptr) {
    throw InvalidVPCId(
        "The VPC ID that you specified either isn't a valid ID or the current account is not authorized "
        "to access this VPC: " +
        out.id);
  }
  return out;
}

void publish_zone(Call& call, const HostedZoneRecord& zone) {
  ZoneSnapshot snapshot{.id = zone.id, .name = zone.name, .is_private = zone.is_private};
  for (const ZoneVpc& vpc : zone.vpcs) snapshot.vpc_ids.push_back(vpc.id);
  const ZoneIdentity identity{zone.id, zone.name};
  for (const auto& [key, set] : load_record_sets(call, zone.id)) {
    snapshot.record_sets.push_back(to_snapshot(identity, set));
  }
  publish(call.txn, kZoneSnapshotKind, zone.id, snapshot);
}

ChangeInfo record_change(Call& call, std::string_view zone_id, const std::optional<std::string>& comment) {
  const std::string id = "C" + call.random().from(kIdAlphabet, kIdCharacters);
  call.global_rows(kChanges).put(id, {std::string(zone_id), comment.value_or(""), call.now});
  return {.Id = "/change/" + id, .Status = "PENDING", .SubmittedAt = call.now, .Comment = comment};
}

HostedZone to_shape(Call& call, const HostedZoneRecord& zone) {
  HostedZoneConfig config{.PrivateZone = zone.is_private};
  if (!zone.comment.empty()) config.Comment = zone.comment;
  return {.Id = "/hostedzone/" + zone.id,
          .Name = zone.name,
          .CallerReference = zone.caller_reference,
          .Config = config,
          .ResourceRecordSetCount = static_cast<int64_t>(count_record_sets(call, zone.id))};
}

DelegationSet delegation_set(const HostedZoneRecord& zone) { return {.NameServers = zone.name_servers}; }

size_t max_items(const std::optional<std::string>& text, size_t limit) {
  if (!text || text->empty()) return limit;
  size_t value = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (code != std::errc{} || end != text->data() + text->size() || value == 0) {
    throw InvalidInput("MaxItems must be a positive number, not '" + *text + "'");
  }
  return std::min(value, limit);
}

}  // namespace landfall::route53
