#include "services/route53/dataplane/zone_answer.h"

#include <algorithm>
#include <array>

#include "codec/dns_rdata.h"

namespace landfall::route53 {
namespace {

constexpr int kMaxAliasDepth = 4;
constexpr size_t kMaxLabels = 128;

void emit(const std::vector<std::string>& rdata, uint32_t ttl, const Lookup& lookup, dns::Type type,
          Answer& out) {
  // The order turns, so that clients who take the first address are spread.
  const size_t start = rdata.empty() ? 0 : lookup.options.random % rdata.size();
  for (size_t i = 0; i < rdata.size(); ++i) {
    out.records.push_back({dns::Section::answer, lookup.owner, type, ttl, rdata[(start + i) % rdata.size()]});
  }
}

bool emit_sets(const Zone& zone, const RecordSets& sets, const Lookup& lookup, int depth, Answer& out);

bool emit_alias(const Zone& zone, const Alias& alias, dns::Type type, const Lookup& lookup, int depth,
                Answer& out) {
  if (depth == kMaxAliasDepth) return false;
  if (alias.in_zone) {
    const Node* node = zone.find(alias.target);
    const RecordSets* sets = node ? node->find(type) : nullptr;
    return sets && emit_sets(zone, *sets, lookup, depth + 1, out);
  }
  const NameEntry* entry = lookup.tables.find_name(alias.target);
  Lookup of_type = lookup;
  of_type.type = type;
  return entry && answer_with_name(*entry, of_type, out);
}

bool any_healthy(const Zone& zone, const Alias& alias, const Lookup& lookup, dns::Type type, int depth);

// By its health check, and for an alias that evaluates its target's health, by that.
bool healthy(const Zone& zone, const RecordSet& set, const Lookup& lookup, dns::Type type, int depth) {
  if (!set.health_check.empty() && !lookup.tables.is_healthy(set.health_check)) return false;
  if (!set.alias || !set.alias->evaluate_target_health) return true;
  if (set.alias->in_zone)
    return depth == kMaxAliasDepth || any_healthy(zone, *set.alias, lookup, type, depth);
  const NameEntry* entry = lookup.tables.find_name(set.alias->target);
  return entry && entry->healthy;
}

bool any_healthy(const Zone& zone, const Alias& alias, const Lookup& lookup, dns::Type type, int depth) {
  const Node* node = zone.find(alias.target);
  const RecordSets* sets = node ? node->find(type) : nullptr;
  return sets && std::any_of(sets->sets.begin(), sets->sets.end(), [&](const RecordSet& set) {
           return healthy(zone, set, lookup, type, depth + 1);
         });
}

// Sets that are healthy; all of them if none is (AWS: "considers all records healthy").
std::vector<const RecordSet*> candidates(const Zone& zone, const RecordSets& sets, const Lookup& lookup) {
  std::vector<const RecordSet*> out;
  for (const RecordSet& set : sets.sets) {
    if (healthy(zone, set, lookup, sets.type, 0)) out.push_back(&set);
  }
  if (out.empty()) {
    for (const RecordSet& set : sets.sets) out.push_back(&set);
  }
  return out;
}

const RecordSet* weighted(const std::vector<const RecordSet*>& sets, uint64_t random) {
  uint64_t total = 0;
  for (const RecordSet* set : sets) total += set->weight;
  if (total == 0) return sets[random % sets.size()];  // AWS: all weights zero: equal chances
  uint64_t point = random % total;
  for (const RecordSet* set : sets) {
    if (point < set->weight) return set;
    point -= set->weight;
  }
  return sets.back();
}

template <class Predicate>
const RecordSet* first_where(const std::vector<const RecordSet*>& sets, Predicate predicate) {
  auto it = std::find_if(sets.begin(), sets.end(), predicate);
  return it == sets.end() ? nullptr : *it;
}

const RecordSet* choose(const Zone& zone, const RecordSets& sets, const Lookup& lookup) {
  const auto from = candidates(zone, sets, lookup);
  switch (sets.policy) {
    case Policy::weighted:
      return weighted(from, lookup.options.random);
    case Policy::failover: {
      const RecordSet* primary = first_where(from, [](auto* set) { return set->primary; });
      return primary ? primary : from[0];
    }
    case Policy::latency: {
      const RecordSet* here =
          first_where(from, [&](auto* set) { return set->region == lookup.options.region; });
      return here ? here : from[0];
    }
    case Policy::geolocation:
      return first_where(from, [](auto* set) { return set->region == "*"; });
    default:
      return from[0];
  }
}

bool emit_set(const Zone& zone, const RecordSet& set, dns::Type type, const Lookup& lookup, int depth,
              Answer& out) {
  if (set.alias) return emit_alias(zone, *set.alias, type, lookup, depth, out);
  emit(set.rdata, set.ttl, lookup, type, out);
  return !set.rdata.empty();
}

bool emit_multivalue(const Zone& zone, const RecordSets& sets, const Lookup& lookup, Answer& out) {
  const auto from = candidates(zone, sets, lookup);
  const size_t count = std::min(from.size(), kMaxMultivalue);
  const size_t start = lookup.options.random % from.size();
  for (size_t i = 0; i < count; ++i) {
    const RecordSet& set = *from[(start + i) % from.size()];
    // RFC 2181 section 5.2: records of one set have one TTL.
    emit(set.rdata, sets.sets[0].ttl, lookup, sets.type, out);
  }
  return count > 0;
}

bool emit_sets(const Zone& zone, const RecordSets& sets, const Lookup& lookup, int depth, Answer& out) {
  if (sets.policy == Policy::multivalue) return emit_multivalue(zone, sets, lookup, out);
  if (sets.policy == Policy::simple) return emit_set(zone, sets.sets[0], sets.type, lookup, depth, out);
  const RecordSet* chosen = choose(zone, sets, lookup);
  return chosen && emit_set(zone, *chosen, sets.type, lookup, depth, out);
}

// The data of `node` for the query.
Outcome answer_at(const Zone& zone, const Node& node, const Lookup& lookup, Answer& out,
                  std::string_view& next) {
  if (lookup.type == dns::Type::ANY) {
    // RFC 8482 section 4.2: one synthesized HINFO instead of everything.
    static constexpr std::string_view kHinfo("\7RFC8482\0", 9);
    if (node.types.empty()) return Outcome::no_data;
    out.records.push_back({dns::Section::answer, lookup.owner, dns::Type::HINFO, 3600, kHinfo});
    return Outcome::answered;
  }
  if (const RecordSets* sets = node.find(lookup.type)) {
    return emit_sets(zone, *sets, lookup, 0, out) ? Outcome::answered : Outcome::no_data;
  }
  const RecordSets* cname = node.find(dns::Type::CNAME);
  if (!cname || !emit_sets(zone, *cname, lookup, 0, out)) return Outcome::no_data;
  next = out.records.back().rdata;
  return Outcome::alias;
}

Outcome delegate(const Zone& zone, std::string_view cut, const RecordSets& ns, Answer& out) {
  for (const std::string& rdata : ns.sets[0].rdata) {
    out.records.push_back({dns::Section::authority, cut, dns::Type::NS, ns.sets[0].ttl, rdata});
  }
  for (const std::string& rdata : ns.sets[0].rdata) {
    const std::string_view target = out.keep(dns::to_lower(rdata));
    const Node* node = dns::is_at_or_below(target, zone.origin()) ? zone.find(target) : nullptr;
    if (!node) continue;
    for (dns::Type type : {dns::Type::A, dns::Type::AAAA}) {
      const RecordSets* glue = node->find(type);
      if (!glue) continue;
      for (const std::string& address : glue->sets[0].rdata) {
        out.records.push_back({dns::Section::additional, target, type, glue->sets[0].ttl, address});
      }
    }
  }
  return Outcome::delegated;
}

}  // namespace

const Zone* public_zone_of(const Lookup& lookup) {
  const Zone* zone = lookup.tables.find_public(lookup.name);
  if (!zone || lookup.type != dns::Type::DS || zone->origin() != lookup.name || dns::is_root(lookup.name))
    return zone;
  // RFC 4035 section 3.1.4.1: who holds both sides of a cut answers DS as the parent.
  const Zone* parent = lookup.tables.find_public(dns::parent(lookup.name));
  return parent && parent->find(lookup.name) ? parent : zone;
}

Outcome answer_in_zone(const Zone& zone, const Lookup& lookup, Answer& out, std::string_view& next) {
  // RFC 1034 section 4.3.2 step 3: match down from the apex, label by label.
  std::array<std::string_view, kMaxLabels> below;  // below[0] is the name, the last one the apex's child
  size_t depth = 0;
  for (std::string_view name = lookup.name; name.size() > zone.origin().size(); name = dns::parent(name)) {
    below[depth++] = name;
  }
  const Node* node = zone.find(zone.origin());
  std::string_view encloser = zone.origin();
  while (depth > 0) {
    const std::string_view name = below[--depth];
    const Node* child = zone.find(name);
    if (!child) {
      // RFC 4592 section 3.3.1: the source of synthesis is the wildcard at the closest encloser.
      char wildcard[dns::kMaxNameBytes + 2] = {1, '*'};
      std::copy(encloser.begin(), encloser.end(), wildcard + 2);
      const Node* source = zone.find(std::string_view(wildcard, encloser.size() + 2));
      return source ? answer_at(zone, *source, lookup, out, next) : Outcome::no_name;
    }
    const RecordSets* ns = child->find(dns::Type::NS);
    // RFC 3658 section 2.2.1.1: DS at a cut belongs to the parent's side.
    if (ns && !(lookup.type == dns::Type::DS && depth == 0)) return delegate(zone, name, *ns, out);
    node = child;
    encloser = name;
  }
  return answer_at(zone, *node, lookup, out, next);
}

bool answer_with_name(const NameEntry& first, const Lookup& lookup, Answer& out) {
  const NameEntry* entry = &first;
  for (int depth = 0; !entry->cname.empty(); ++depth) {
    if (depth == kMaxAliasDepth) return false;
    entry = lookup.tables.find_name(dns::to_lower(entry->cname));
    if (!entry) return false;
  }
  const auto& addresses = entry->addresses(lookup.type, lookup.options.vpc_id);
  emit(addresses, entry->ttl, lookup, lookup.type, out);
  return !addresses.empty();
}

bool chain_holds(const Answer& answer, std::string_view name) {
  return std::any_of(answer.records.begin(), answer.records.end(), [name](const AnswerRecord& r) {
    return r.type == dns::Type::CNAME && dns::equal_ignoring_case(r.owner, name);
  });
}

void add_negative_soa(const Zone& zone, Answer& out) {
  out.records.push_back(
      {dns::Section::authority, zone.origin(), dns::Type::SOA, zone.negative_ttl(), zone.soa()});
}

void add_negative_soa(std::string_view name, Answer& out) {
  // As AWS's own: us-east-1.elb.amazonaws.com. 60 IN SOA ... 1 7200 900 1209600 60
  static const std::string kData = dns::soa_rdata(
      dns::Name::from_text("ns-1.awsdns-00.com").value(),
      dns::Name::from_text("awsdns-hostmaster.amazon.com").value(), 1, 7200, 900, 1209600, kSynthesizedTtl);
  out.records.push_back({dns::Section::authority, dns::parent(name), dns::Type::SOA, kSynthesizedTtl, kData});
}

}  // namespace landfall::route53
