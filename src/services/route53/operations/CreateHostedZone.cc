#include <fmt/format.h>

#include <algorithm>

#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"
#include "services/route53/route53.h"

namespace landfall::route53 {
namespace create_hosted_zone {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr const char* kTopLevels[] = {"com", "net", "org", "co.uk"};

std::vector<std::string> name_servers(Call& call, bool is_private) {
  std::vector<std::string> out;
  for (size_t i = 0; i < 4; ++i) {
    // AWS gives every private zone the same four names, which nobody serves.
    const uint64_t server = i * 512 + (is_private ? 0 : call.random().below(512));
    const uint64_t set = is_private ? 0 : call.random().below(64);
    out.push_back(fmt::format("ns-{}.awsdns-{:02}.{}", server, set, kTopLevels[i]));
  }
  return out;
}

void check(Call& call, const CreateHostedZoneRequest& in, const std::string& name, bool is_private) {
  if (in.DelegationSetId)
    throw NoSuchDelegationSet("Landfall has no reusable delegation sets: " + *in.DelegationSetId);
  if (is_private && !in.VPC) {
    throw InvalidInput(
        "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also "
        "specify values for VPCId and VPCRegion.");
  }
  const std::string vpc_id = in.VPC ? existing_vpc(call, *in.VPC).id : "";
  if (call.global_rows(kZoneReferences).get(*in.CallerReference))
    throw HostedZoneAlreadyExists(
        "A hosted zone has already been created with the specified caller reference.");
  if (!is_private) return;
  call.global_rows(kZones).each([&](std::string_view, const HostedZoneRecord& zone) {
    if (zone.name != name) return;
    for (const ZoneVpc& vpc : zone.vpcs) {
      if (vpc.id == vpc_id) {
        throw ConflictingDomainExists(
            fmt::format("The VPC {} in region {} has already been associated with the hosted "
                        "zone {} with the same domain name.",
                        vpc.id, vpc.region, zone.id));
      }
    }
  });
}

RecordSetMap first_records(const HostedZoneRecord& zone) {
  ResourceRecordSet ns{.Name = zone.name, .Type = "NS", .TTL = 172800};
  for (const std::string& server : zone.name_servers) ns.ResourceRecords.push_back({server + "."});
  ResourceRecordSet soa{.Name = zone.name, .Type = "SOA", .TTL = 900};
  soa.ResourceRecords.push_back(
      {zone.name_servers[0] + ". awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"});
  return {{record_set_key(ns), ns}, {record_set_key(soa), soa}};
}

}  // namespace create_hosted_zone

CreateHostedZoneResponse CreateHostedZone(Call& call, const CreateHostedZoneRequest& in) {
  // A VPC makes the zone private, whatever PrivateZone says (AWS: "to create a private zone, include VPC").
  const bool is_private =
      in.VPC.has_value() || (in.HostedZoneConfig && in.HostedZoneConfig->PrivateZone.value_or(false));
  const std::string name = normal_name(*in.Name);
  create_hosted_zone::check(call, in, name, is_private);

  HostedZoneRecord zone{.id = "Z" + call.random().from(create_hosted_zone::kAlphabet, 20),
                        .name = name,
                        .caller_reference = *in.CallerReference,
                        .is_private = is_private,
                        .name_servers = create_hosted_zone::name_servers(call, is_private),
                        .created = call.now};
  if (in.HostedZoneConfig) zone.comment = in.HostedZoneConfig->Comment.value_or("");
  if (in.VPC) zone.vpcs.push_back(existing_vpc(call, *in.VPC));

  call.global_rows(kZones).put(zone.id, zone);
  call.global_rows(kZoneReferences).put(zone.caller_reference, {.zone_id = zone.id});
  save_record_sets(call, zone.id, create_hosted_zone::first_records(zone));
  publish_zone(call, zone);
  if (!is_private) {
    for (const std::string& server : zone.name_servers) {
      publish(
          call.txn, kNameSnapshotKind, server,
          NameSnapshot{
              .name = server, .addresses = {public_address(call.plane, kDnsAddressOffset)}, .ttl = 172800});
    }
  }
  CreateHostedZoneResponse out{.HostedZone = to_shape(call, zone),
                               .ChangeInfo = record_change(call, zone.id, std::nullopt),
                               .VPC = in.VPC,
                               .Location = "https://route53.amazonaws.com/2013-04-01/hostedzone/" + zone.id};
  if (!is_private) out.DelegationSet = delegation_set(zone);
  return out;
}

}  // namespace landfall::route53
