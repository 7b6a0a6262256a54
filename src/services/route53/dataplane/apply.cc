#include "services/route53/dataplane/apply.h"

#include "codec/fields.h"
#include "services/route53/snapshot.h"

namespace landfall::route53 {
namespace {

Result<TablesChange> zone_change(std::string id, const std::string* document) {
  if (!document) return [id](Tables& tables) { tables.remove_zone(id); };
  LF_TRY(ZoneSnapshot snapshot, from_json<ZoneSnapshot>(*document));
  LF_TRY(auto zone, Zone::compile(snapshot));
  return [zone](Tables& tables) { tables.put_zone(zone); };
}

Result<TablesChange> name_change(std::string id, const std::string* document) {
  if (!document) return [id](Tables& tables) { tables.remove_name(id); };
  LF_TRY(NameSnapshot snapshot, from_json<NameSnapshot>(*document));
  LF_TRY(NameEntry entry, NameEntry::compile(snapshot));
  return [name = snapshot.name, entry](Tables& tables) { tables.put_name(name, entry); };
}

}  // namespace

bool is_dns_kind(std::string_view kind) { return kind == kZoneSnapshotKind || kind == kNameSnapshotKind; }

Result<TablesChange> compile_change(std::string_view kind, std::string_view id, const std::string* document) {
  if (kind == kZoneSnapshotKind) return zone_change(std::string(id), document);
  if (kind == kNameSnapshotKind) return name_change(std::string(id), document);
  return fail("not a document of DNS: " + std::string(kind));
}

}  // namespace landfall::route53
