#include "services/route53/dataplane/zone.h"

#include <fmt/format.h>

#include <algorithm>

#include "codec/dns_rdata.h"

namespace landfall::route53 {
namespace {

Policy policy_of(const RecordSetSnapshot& set) {
  if (set.weight) return Policy::weighted;
  if (!set.failover.empty()) return Policy::failover;
  if (set.multivalue) return Policy::multivalue;
  if (!set.region.empty()) return Policy::latency;
  if (!set.geo.empty()) return Policy::geolocation;
  return Policy::simple;
}

uint32_t minimum_of_soa(std::string_view rdata) {
  uint32_t value = 0;
  for (char c : rdata.substr(rdata.size() - 4)) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

Result<RecordSet> compile_set(const RecordSetSnapshot& in, dns::Type type) {
  RecordSet out{.ttl = static_cast<uint32_t>(std::clamp<int64_t>(in.ttl, 0, 0x7fffffff))};
  for (const std::string& value : in.values) {
    LF_TRY(std::string rdata, dns::rdata_from_text(type, value));
    out.rdata.push_back(std::move(rdata));
  }
  if (in.alias) {
    LF_TRY(dns::Name target, dns::Name::from_text(in.alias->name));
    out.alias =
        Alias{std::string(target.lower().wire()), in.alias->in_zone, in.alias->evaluate_target_health};
  }
  out.weight = static_cast<uint32_t>(in.weight.value_or(0));
  out.health_check = in.health_check;
  out.primary = in.failover == "PRIMARY";
  // Every client is on this machine: of the locations, only the default one can be meant.
  out.region = in.geo.empty() ? in.region : in.geo;
  return out;
}

}  // namespace

const RecordSets* Node::find(dns::Type type) const {
  for (const RecordSets& sets : types) {
    if (sets.type == type) return &sets;
  }
  return nullptr;
}

Result<std::shared_ptr<const Zone>> Zone::compile(const ZoneSnapshot& snapshot) {
  auto zone = std::make_shared<Zone>();
  zone->id_ = snapshot.id;
  zone->private_ = snapshot.is_private;
  zone->vpc_ids_ = snapshot.vpc_ids;
  LF_TRY(dns::Name origin, dns::Name::from_text(snapshot.name));
  zone->origin_ = origin.lower().wire();
  for (const RecordSetSnapshot& set : snapshot.record_sets) {
    if (Result<> added = zone->add(set); !added) {
      return fail(
          fmt::format("zone {} record {} {}: {}", snapshot.name, set.name, set.type, added.error().message));
    }
  }
  const Node* apex = zone->find(zone->origin_);
  const RecordSets* soa = apex ? apex->find(dns::Type::SOA) : nullptr;
  if (!soa || soa->sets[0].rdata.empty()) return fail(fmt::format("zone {} has no SOA", snapshot.name));
  zone->negative_ttl_ = std::min(soa->sets[0].ttl, minimum_of_soa(soa->sets[0].rdata[0]));
  return zone;
}

Result<> Zone::add(const RecordSetSnapshot& set) {
  const auto type = dns::type_from_name(set.type);
  if (!type) return fail("unknown type");
  LF_TRY(dns::Name owner, dns::Name::from_text(set.name));
  owner = owner.lower();
  if (!dns::is_at_or_below(owner.wire(), origin_)) return fail("outside the zone");
  LF_TRY(RecordSet compiled, compile_set(set, *type));

  Node& node = nodes_[std::string(owner.wire())];
  auto sets =
      std::find_if(node.types.begin(), node.types.end(), [&](const auto& s) { return s.type == *type; });
  if (sets == node.types.end()) {
    node.types.push_back({.type = *type, .policy = policy_of(set)});
    sets = node.types.end() - 1;
  }
  sets->sets.push_back(std::move(compiled));

  for (std::string_view name = owner.wire(); name.size() > origin_.size();) {
    name = dns::parent(name);
    nodes_[std::string(name)];
  }
  return {};
}

const Node* Zone::find(std::string_view lower_wire) const {
  auto it = nodes_.find(lower_wire);
  return it == nodes_.end() ? nullptr : &it->second;
}

std::string_view Zone::soa() const { return find(origin_)->find(dns::Type::SOA)->sets[0].rdata[0]; }

}  // namespace landfall::route53
