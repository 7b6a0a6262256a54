#include "services/route53/dataplane/tables.h"

#include <algorithm>

#include "codec/dns_rdata.h"

namespace landfall::route53 {
namespace {

Result<> add_addresses(const std::vector<std::string>& texts, std::vector<std::string>& a,
                       std::vector<std::string>& aaaa) {
  for (const std::string& text : texts) {
    const bool v6 = text.find(':') != std::string::npos;
    LF_TRY(std::string rdata, dns::rdata_from_text(v6 ? dns::Type::AAAA : dns::Type::A, text));
    (v6 ? aaaa : a).push_back(std::move(rdata));
  }
  return {};
}

}  // namespace

Result<NameEntry> NameEntry::compile(const NameSnapshot& snapshot) {
  NameEntry out;
  LF_CHECK(add_addresses(snapshot.addresses, out.a, out.aaaa));
  LF_CHECK(add_addresses(snapshot.vpc_addresses, out.vpc_a, out.vpc_aaaa));
  out.vpc_id = snapshot.vpc_id;
  if (!snapshot.cname.empty()) {
    LF_TRY(dns::Name target, dns::Name::from_text(snapshot.cname));
    out.cname = target.wire();
  }
  out.ttl = static_cast<uint32_t>(std::clamp<int64_t>(snapshot.ttl, 0, 86400));
  out.healthy = snapshot.healthy;
  return out;
}

const std::vector<std::string>& NameEntry::addresses(dns::Type type, std::string_view client_vpc_id) const {
  static const std::vector<std::string> kNone;
  const bool inside =
      !client_vpc_id.empty() && client_vpc_id == vpc_id && !(vpc_a.empty() && vpc_aaaa.empty());
  if (type == dns::Type::A) return inside ? vpc_a : a;
  if (type == dns::Type::AAAA) return inside ? vpc_aaaa : aaaa;
  return kNone;
}

void Tables::count_above(std::string_view vpc_id, std::string_view name, int change) {
  while (!dns::is_root(name)) {
    name = dns::parent(name);
    std::string key(vpc_id);
    key += name;
    const auto entry = above_.try_emplace(std::move(key)).first;
    if ((entry->second += change) == 0) above_.erase(entry);
  }
}

void Tables::count_above(const Zone& zone, int change) {
  if (!zone.is_private()) return count_above("", zone.origin(), change);
  for (const std::string& vpc_id : zone.vpc_ids()) count_above(vpc_id, zone.origin(), change);
}

bool Tables::is_above_something(std::string_view name, std::string_view vpc_id) const {
  if (above_.contains(name)) return true;
  return !vpc_id.empty() && above_.contains(std::string(vpc_id).append(name));
}

void Tables::put_zone(std::shared_ptr<const Zone> zone) {
  if (auto old = by_id_.find(zone->id()); old != by_id_.end()) {
    if (old->second->origin() == zone->origin()) {
      count_above(*old->second, -1);
      count_above(*zone, 1);
      // In place, so that of two zones with one name the same one stays in service.
      auto& same_origin = by_origin_.find(zone->origin())->second;
      std::replace(same_origin.begin(), same_origin.end(), old->second, zone);
      old->second = std::move(zone);
      return;
    }
    remove_zone(zone->id());
  }
  count_above(*zone, 1);
  by_origin_[std::string(zone->origin())].push_back(zone);
  by_id_.emplace(zone->id(), std::move(zone));
}

void Tables::remove_zone(std::string_view id) {
  auto it = by_id_.find(id);
  if (it == by_id_.end()) return;
  count_above(*it->second, -1);
  auto origin = by_origin_.find(it->second->origin());
  std::erase(origin->second, it->second);
  if (origin->second.empty()) by_origin_.erase(origin);
  by_id_.erase(it);
}

Result<> Tables::put_name(const NameSnapshot& name) {
  LF_CHECK(dns::Name::from_text(name.name));
  LF_TRY(NameEntry entry, NameEntry::compile(name));
  put_name(name.name, std::move(entry));
  return {};
}

void Tables::put_name(std::string_view name, NameEntry entry) {
  if (auto key = dns::Name::from_text(name)) {
    const dns::Name lower = key->lower();
    const bool is_new = names_.insert_or_assign(std::string(lower.wire()), std::move(entry)).second;
    if (is_new) count_above("", lower.wire(), 1);
  }
}

void Tables::remove_name(std::string_view name) {
  const auto key = dns::Name::from_text(name);
  if (!key) return;
  const dns::Name lower = key->lower();
  if (names_.erase(std::string(lower.wire())) > 0) count_above("", lower.wire(), -1);
}

void Tables::set_health(const std::string& id, bool healthy) {
  if (healthy) {
    unhealthy_.erase(id);
  } else {
    unhealthy_.insert(id);
  }
}

template <class Accept>
const Zone* Tables::find_zone(std::string_view name, Accept accept) const {
  while (true) {
    if (auto it = by_origin_.find(name); it != by_origin_.end()) {
      for (const auto& zone : it->second) {
        if (accept(*zone)) return zone.get();
      }
    }
    if (dns::is_root(name)) return nullptr;
    name = dns::parent(name);
  }
}

const Zone* Tables::find_public(std::string_view name) const {
  return find_zone(name, [](const Zone& zone) { return !zone.is_private(); });
}

const Zone* Tables::find_private(std::string_view name, std::string_view vpc_id) const {
  if (vpc_id.empty()) return nullptr;
  return find_zone(name, [&](const Zone& zone) {
    return zone.is_private() &&
           std::find(zone.vpc_ids().begin(), zone.vpc_ids().end(), vpc_id) != zone.vpc_ids().end();
  });
}

const NameEntry* Tables::find_name(std::string_view name) const {
  auto it = names_.find(name);
  return it == names_.end() ? nullptr : &it->second;
}

}  // namespace landfall::route53
