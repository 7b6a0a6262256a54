#include "services/route53/dataplane/answer.h"

#include "services/route53/dataplane/zone_answer.h"

namespace landfall::route53 {
namespace {

bool answerable(const dns::Query& query, Answer& out) {
  // Zone transfers are not for clients, and there is no class but IN.
  if (query.klass == dns::kClassIn && query.type != dns::Type::AXFR && query.type != dns::Type::IXFR)
    return true;
  out.rcode = dns::Rcode::refused;
  return false;
}

// The negative end of a lookup in a zone.
void conclude(const Zone& zone, Outcome outcome, Answer& out) {
  if (outcome == Outcome::no_name) out.rcode = dns::Rcode::name_error;
  if (outcome == Outcome::no_name || outcome == Outcome::no_data) add_negative_soa(zone, out);
}

}  // namespace

void answer(const dns::Query& query, const Tables& tables, const AnswerOptions& options, Answer& out) {
  if (!answerable(query, out)) return;
  Lookup lookup{tables, options, query.type, query.name.wire(), query.lower_name.wire()};
  if (const NameEntry* entry = tables.find_name(lookup.name)) {
    out.authoritative = true;
    if (!answer_with_name(*entry, lookup, out)) add_negative_soa(lookup.name, out);
    return;
  }
  const Zone* zone = public_zone_of(lookup);
  if (!zone) {
    out.rcode = dns::Rcode::refused;
    return;
  }
  out.authoritative = true;
  for (int hops = 0; hops < kMaxChain; ++hops) {
    std::string_view next;
    const Outcome outcome = answer_in_zone(*zone, lookup, out, next);
    if (outcome == Outcome::delegated) out.authoritative = hops > 0;  // RFC 2181 section 6.1
    if (outcome != Outcome::alias) return conclude(*zone, outcome, out);
    if (chain_holds(out, next))
      return;  // each record once (RFC 2181 section 5.5); the resolver sees the loop
    lookup.owner = next;
    lookup.name = out.keep(dns::to_lower(next));
    // Beyond the zone the client's resolver goes on by itself.
    if (!dns::is_at_or_below(lookup.name, zone->origin())) return;
  }
}

}  // namespace landfall::route53
