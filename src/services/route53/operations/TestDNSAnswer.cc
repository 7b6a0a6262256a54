#include "codec/dns_rdata.h"
#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/dataplane/answer.h"
#include "services/route53/dataplane/apply.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

// The answer that edge gives, from the same function and the same snapshots.
TestDNSAnswerResponse TestDNSAnswer(Call& call, const TestDNSAnswerRequest& in) {
  const auto zone = find_zone(call, in.HostedZoneId);
  const auto name = dns::Name::from_text(*in.RecordName);
  const auto type = dns::type_from_name(*in.RecordType);
  if (!name || !type) throw InvalidInput("RecordName or RecordType is not one that Landfall serves.");

  Tables tables;
  ZoneSnapshot snapshot{.id = zone->id, .name = zone->name};
  for (const auto& [key, set] : load_record_sets(call, zone->id)) {
    snapshot.record_sets.push_back(to_snapshot({zone->id, zone->name}, set));
  }
  auto compiled = Zone::compile(snapshot);
  LF_INVARIANT(compiled.has_value(), "a stored zone compiles");
  tables.put_zone(*compiled);
  call.plane.store.each(std::string(kEdgePrefix) + kNameSnapshotKind + "/",
                        [&](std::string_view key, const store::Document& document) {
                          if (auto change = compile_change(kNameSnapshotKind, key, &document.text))
                            (*change)(tables);
                        });
  dns::Query query{.has_question = true, .name = *name, .lower_name = name->lower(), .type = *type};
  Answer said;
  uint64_t random = 0;
  call.random().fill(&random, sizeof random);
  answer(query, tables, {.random = random, .region = call.region}, said);

  TestDNSAnswerResponse out{.Nameserver = zone->name_servers[0],
                            .RecordName = in.RecordName,
                            .RecordType = in.RecordType,
                            .ResponseCode = std::string(dns::rcode_name(said.rcode)),
                            .Protocol = "UDP"};
  for (const AnswerRecord& record : said.records) {
    if (record.section == dns::Section::answer)
      out.RecordData.push_back(dns::rdata_to_text(record.type, record.rdata));
  }
  return out;
}

}  // namespace landfall::route53
